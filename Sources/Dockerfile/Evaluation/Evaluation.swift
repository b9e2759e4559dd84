import Patterns
import SystemCalls

/// Walks through the reachable stages of a file, step by step.
struct Evaluation {
    let graph: StageGraph
    let request: StageRequest
    var stages: [BuildPlan.Stage] = []
    var states: [Int: StageState] = [:]
    /// The index in `stages` of each stage's number.
    var positions: [Int: Int] = [:]
    var bases: [BaseReference] = []
    var remotes: [BuildPlan.RemoteSource] = []
    var marks: [BuildPlan.Mark] = []
    var arguments = ArgumentUse()
    var needsWholeContext = false
    /// What words may still grow by, in all: a file of a few lines could ask for more memory than there is.
    var budget = 16 << 20
    /// What matching patterns may still cost, in all.
    var patternSteps = InputLimit.patternSteps

    /// The secrets given from outside that reachable stages declare.
    var secrets: Set<SecretSource> = []
    /// The secrets whose values went into words of the step that is under way.
    var secretsOfStep: Set<SecretSource> = []
    /// Whether words are expanded from what is shown of secret values, to tell what is wrong without them.
    var hidesSecrets = false

    /// The stage and the step that are under way.
    var stage: StageGraph.Definition
    var state = StageState(on: nil)

    init(
        _ file: DockerfileSyntax, _ request: StageRequest, _ base: (BaseReference) -> BaseImage?
    ) throws(DockerfileError) {
        self.request = request
        graph = try StageGraph(file, request)
        stage = graph.stages[graph.target]
        var images: [Int: BaseImage] = [:]
        let numbers = try graph.reachable { (stage) throws(DockerfileError) in
            if stage.parent == nil, stage.base != "scratch" {
                images[stage.number] = base(try Self.reference(stage, request))
            }
            return try Self.triggers(of: stage, graph, images[stage.number])
        }
        for number in numbers { try evaluate(graph.stages[number], images[number]) }
        arguments.addGlobals(graph.globals)
        secrets.formUnion(graph.globals.secrets)
        bases.sort { ($0.line, $0.reference, $0.platform) < ($1.line, $1.reference, $1.platform) }
    }

    /// The base image of a stage that starts from one.
    static func reference(
        _ stage: StageGraph.Definition, _ request: StageRequest
    ) throws(DockerfileError) -> BaseReference {
        try BaseReference(
            stage.base, platform: stage.platform ?? request.platform, line: stage.line)
    }

    /// The ONBUILD steps that run at the start of a stage: those of its base image, or of its parent stage.
    static func triggers(
        of stage: StageGraph.Definition, _ graph: StageGraph, _ image: BaseImage?
    ) throws(DockerfileError) -> [Step] {
        var texts = image?.onBuild ?? []
        for step in stage.parent.map({ graph.stages[$0].steps }) ?? [] {
            if case .onBuild(let text) = step.command { texts.append(text) }
        }
        var steps: [Step] = []
        for text in texts {
            do throws(DockerfileError) {
                var reader = SourceReader(LosslessText.bytes(of: text))
                let instructions = try reader.instructions()
                guard instructions.count == 1 else {
                    throw DockerfileError("onbuild trigger should be a single expression")
                }
                let command = try Command(instructions[0])
                if case .from = command { throw DockerfileError("FROM isn't allowed as an ONBUILD trigger") }
                steps.append(
                    Step(
                        command: command, startLine: stage.line, endLine: stage.endLine,
                        text: GoText.trimSpace(instructions[0].original)))
            } catch {
                throw DockerfileError(error.reason, line: stage.line, kind: error.kind)
            }
        }
        return steps
    }

    /// Evaluates one stage, after those that it needs.
    private mutating func evaluate(
        _ definition: StageGraph.Definition, _ image: BaseImage?
    ) throws(DockerfileError) {
        stage = definition
        var platform = definition.platform ?? request.platform
        let parent: BuildPlan.Stage.Parent
        if let number = definition.parent, let state = states[number], let position = positions[number] {
            self.state = StageState(on: state)
            parent = .stage(position)
            platform = stages[position].platform
        } else if definition.base == "scratch" {
            state = StageState(on: BaseImage())
            parent = .scratch
            platform = request.platform
        } else {
            let reference = try Self.reference(definition, request)
            state = StageState(on: image)
            parent = .image(reference)
            note(reference)
            if image == nil, reference.digest == nil {
                mark(
                    .basesUnlocked,
                    "\(reference.name) is not in the lock; what it sets, ONBUILD triggers included, is not known")
            }
        }
        if platform.os == "windows" {
            throw DockerfileError(
                "images for Windows are not understood", line: definition.line, kind: .notSupported)
        }
        positions[definition.number] = stages.count
        stages.append(
            BuildPlan.Stage(
                number: definition.number, name: definition.label, platform: platform, line: definition.line,
                parent: parent, operations: []))
        for step in try Self.triggers(of: definition, graph, image) + definition.steps {
            secretsOfStep = []
            do throws(DockerfileError) {
                try evaluate(step)
            } catch {
                throw withoutSecrets(error, step).at(line: step.startLine)
            }
        }
        states[definition.number] = state
    }

    /// What is wrong with a step, without the values of secrets: the error that it has with `***` in their place.
    private mutating func withoutSecrets(_ error: DockerfileError, _ step: Step) -> DockerfileError {
        if secretsOfStep.isEmpty { return error }
        let names = Expanded("", shown: "", secrets: secretsOfStep).secretNames
        hidesSecrets = true
        defer { hidesSecrets = false }
        do throws(DockerfileError) {
            try evaluate(step)
        } catch let other {
            return DockerfileError(other.reason, line: other.line, kind: error.kind)
        }
        return DockerfileError("it cannot take the value of \(names)", kind: error.kind)
    }

    private mutating func evaluate(_ step: Step) throws(DockerfileError) {
        switch step.command {
        case .copy(let copy): try evaluate(copy, step)
        case .run(let run): try evaluate(run, step)
        case .argument(let declarations): try declare(declarations, step)
        case .workingDirectory(let path): try changeDirectory(path, step)
        default: try configure(step)
        }
    }

    /// Adds an operation to the stage.
    mutating func append(_ operation: Operation) {
        stages[stages.count - 1].operations.append(operation)
    }

    /// A new operation of the stage.
    func operation(_ step: Step, _ kind: Operation.Kind) -> Operation {
        Operation(
            stage: stage.label, line: step.startLine, endLine: step.endLine, text: step.text, kind: kind)
    }

    /// Takes note of a base image, once.
    mutating func note(_ reference: BaseReference) {
        if !bases.contains(where: { $0.isSameImage(as: reference) }) {
            bases.append(reference)
        }
    }

    mutating func mark(_ name: BuildPlan.Mark.Name, _ reason: String) {
        let mark = BuildPlan.Mark(name: name, reason: reason)
        if !marks.contains(mark) { marks.append(mark) }
    }

    /// Lets every file of the context count, since it is not known which are meant.
    mutating func widen(_ step: Step, _ word: String) {
        needsWholeContext = true
        mark(.inexact, "line \(step.startLine): \(word) needs values of a base image that is not in the lock")
    }
}
