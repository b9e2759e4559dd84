import OCI
import Patterns

/// The stages of a file, what each starts from, and which of them a target needs.
struct StageGraph {
    /// A stage as it is written, its FROM line expanded.
    struct Definition {
        let number: Int
        let name: String?
        let line: Int
        let endLine: Int
        let base: String
        /// The stage that it starts from; nil for an image or nothing.
        let parent: Int?
        let platform: Platform?
        var steps: [Step] = []

        /// The name, else the number.
        var label: String { name ?? String(number) }
    }

    private(set) var stages: [Definition] = []
    private(set) var globals: GlobalArguments
    private(set) var target = 0
    private var numbers: [String: Int] = [:]
    let escape: Unicode.Scalar

    init(_ file: DockerfileSyntax, _ request: StageRequest) throws(DockerfileError) {
        escape = file.escape
        globals = GlobalArguments(request)
        var from: [(base: String, name: String?, platform: String, step: Step)] = []
        var steps: [[Step]] = []
        var declarations: [(Step, [(name: String, value: String?)])] = []
        for instruction in file.instructions {
            let step = try Self.step(instruction)
            try Self.check(step, for: file.frontend)
            switch step.command {
            case .from(let base, let name, let platform):
                from.append((base, name, platform, step))
                steps.append([])
            case .argument(let arguments) where from.isEmpty: declarations.append((step, arguments))
            case _ where from.isEmpty:
                throw DockerfileError("no build stage in current context", line: step.startLine)
            default: steps[steps.count - 1].append(step)
            }
        }
        guard let last = from.last else { throw DockerfileError("dockerfile contains no stages to build") }
        globals.setTargetStage(request.target ?? last.name ?? "", request)
        for (step, arguments) in declarations { try globals.declare(arguments, step, escape, request) }
        for (number, entry) in from.enumerated() {
            stages.append(try definition(number, entry, steps[number], request))
            if let name = entry.name { numbers[name] = number }
        }
        target = stages.count - 1
        if let name = request.target, !name.isEmpty {
            guard let number = numbers[name.lowercased()] else {
                throw DockerfileError(
                    "target stage \(Quoted.string(name)) could not be found",
                    kind: .noSuchStage(stages.compactMap(\.name)))
            }
            target = number
        }
    }

    private static func step(_ instruction: Instruction) throws(DockerfileError) -> Step {
        do {
            return Step(
                command: try Command(instruction), startLine: instruction.startLine, endLine: instruction.endLine,
                text: GoText.trimSpace(instruction.original))
        } catch {
            throw error.at(line: instruction.startLine)
        }
    }

    /// Refuses what the frontend does not take.
    private static func check(
        _ step: Step, for frontend: DockerfileSyntax.Frontend?
    ) throws(DockerfileError) {
        guard case .run(let run) = step.command, !run.devices.isEmpty, frontend?.mayHaveLabs != true else { return }
        throw DockerfileError(
            "RUN --device is only supported in Dockerfile frontend 1.14.0-labs or later", line: step.startLine)
    }

    private mutating func definition(
        _ number: Int, _ from: (base: String, name: String?, platform: String, step: Step), _ steps: [Step],
        _ request: StageRequest
    ) throws(DockerfileError) -> Definition {
        do throws(DockerfileError) {
            let base = try globals.expandPublic(from.base, from.step.startLine, escape)
            if base.isEmpty { throw DockerfileError("base name (\(from.base)) should not be blank") }
            var platform: Platform?
            if !from.platform.isEmpty {
                let text = try globals.expandPublic(from.platform, from.step.startLine, escape)
                if text.isEmpty {
                    throw DockerfileError("empty platform value from expression \(from.platform)")
                }
                platform = try request.platform(of: text)
            }
            let parent = numbers[base]
            if parent == nil, base != "scratch" { _ = try BaseReference.read(base) }
            return Definition(
                number: number, name: from.name, line: from.step.startLine, endLine: from.step.endLine, base: base,
                parent: parent, platform: platform, steps: steps)
        } catch {
            throw error.at(line: from.step.startLine)
        }
    }

    /// Where `--from` of COPY points to: a stage's number, or nil for an image.
    func stage(copiedFrom name: String) throws(DockerfileError) -> Int? {
        if let number = Int(name) {
            guard stages.indices.contains(number) else {
                throw DockerfileError("invalid stage index \(number)")
            }
            return number
        }
        return numbers[name.lowercased()]
    }

    /// The stage that a mount names; nil for an image.
    func stage(named name: String) -> Int? { numbers[name.lowercased()] }

    /// The stages that a step takes files from.
    func dependencies(of step: Step) throws(DockerfileError) -> [Int] {
        switch step.command {
        case .copy(let copy) where !copy.from.isEmpty:
            do throws(DockerfileError) {
                return try stage(copiedFrom: copy.from).map { [$0] } ?? []
            } catch {
                throw error.at(line: step.startLine)
            }
        case .run(let run):
            return run.mounts.flatMap { fields in
                fields.compactMap { field in
                    let (name, value) = CommaSeparated.option(field)
                    return name == "from" ? value.flatMap { stage(named: $0) } : nil
                }
            }
        default: return []
        }
    }

    /// Checks what builders check of every stage, those that the target does not need included: numbers of stages, names of
    /// images, and that no stage depends on itself.
    private func checkAll() throws(DockerfileError) {
        var needs: [[(stage: Int, line: Int)]] = []
        for stage in stages {
            var own = stage.parent.map { [($0, stage.line)] } ?? []
            for step in stage.steps {
                do throws(DockerfileError) {
                    own += try dependencies(of: step).map { ($0, step.startLine) }
                    for name in origins(of: step) where name != "scratch" { _ = try BaseReference.read(name) }
                } catch {
                    throw error.at(line: step.startLine)
                }
            }
            needs.append(own)
        }
        enum Visit { case new, underWay, done }
        var visits = stages.map { _ in Visit.new }
        for start in stages.indices where visits[start] == .new {
            // Depth first: the stages on the way from `start`, each with how many of its needs were followed.
            var way = [(stage: start, next: 0)]
            while let (number, next) = way.last {
                guard next < needs[number].count else {
                    visits[number] = .done
                    way.removeLast()
                    continue
                }
                visits[number] = .underWay
                way[way.count - 1].next += 1
                let (needed, line) = needs[number][next]
                if visits[needed] == .underWay {
                    throw DockerfileError(
                        "circular dependency detected on stage: \(stages[number].label)", line: line)
                }
                if visits[needed] == .new { way.append((needed, 0)) }
            }
        }
    }

    /// The images that a step takes files from.
    private func origins(of step: Step) -> [String] {
        switch step.command {
        case .copy(let copy):
            return copy.from.isEmpty || Int(copy.from) != nil || stage(named: copy.from) != nil ? [] : [copy.from]
        case .run(let run):
            return run.mounts.joined().compactMap { field in
                let (name, value) = CommaSeparated.option(field)
                guard name == "from", let value, !value.isEmpty, stage(named: value) == nil else { return nil }
                return value
            }
        default: return []
        }
    }

    /// The numbers of the stages that the target needs, in order; `triggers` are the ONBUILD steps that run in a stage.
    func reachable(_ triggers: (Definition) throws(DockerfileError) -> [Step]) throws(DockerfileError) -> [Int] {
        try checkAll()
        var found: Set<Int> = []
        var pending = [target]
        while let number = pending.popLast() {
            guard found.insert(number).inserted else { continue }
            let stage = stages[number]
            if let parent = stage.parent { pending.append(parent) }
            for step in try triggers(stage) + stage.steps {
                for dependency in try dependencies(of: step) {
                    if dependency == number {
                        throw DockerfileError(
                            "circular dependency detected on stage: \(stage.label)", line: step.startLine)
                    }
                    if dependency > number {
                        throw DockerfileError(
                            "cannot take files from stage \(Quoted.string(stages[dependency].label)), "
                                + "it needs to be defined before stage \(Quoted.string(stage.label))",
                            line: step.startLine)
                    }
                    pending.append(dependency)
                }
            }
        }
        return found.sorted()
    }
}
