import Patterns

extension DockerfileSyntax {
    /// The numbers of the stages that a target needs, counted from 0; `base` answers as for `BuildPlan`.
    public func reachableStages(
        for request: StageRequest, base: (BaseReference) -> BaseImage? = { _ in nil }
    ) throws(DockerfileError) -> [Int] {
        let graph = try StageGraph(self, request)
        return try graph.reachable { (stage) throws(DockerfileError) in
            let isImage = stage.parent == nil && stage.base != "scratch"
            return try Evaluation.triggers(
                of: stage, graph, isImage ? base(try Evaluation.reference(stage, request)) : nil)
        }
    }

    /// The base images of the FROM lines that can be read, whatever else the text holds; for opaque mode.
    public static func baseReferences(of text: [UInt8], request: StageRequest) -> [BaseReference] {
        var escape: Unicode.Scalar = "\\"
        var instructions: [Instruction] = []
        if let syntax = try? DockerfileSyntax(text) {
            (escape, instructions) = (syntax.escape, syntax.instructions)
        } else {
            for (index, line) in text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
                .enumerated()
            {
                guard line.count < 65_536,
                    var instruction = try? Instruction(line: LosslessText.text(of: line), escape: escape)
                else { continue }
                instruction.startLine = index + 1
                instructions.append(instruction)
            }
        }
        var globals = GlobalArguments(request)
        var names: Set<String> = ["scratch"]
        var references: [BaseReference] = []
        for instruction in instructions {
            guard let command = try? Command(instruction) else { continue }
            let line = instruction.startLine
            let step = Step(command: command, startLine: line, endLine: line, text: "")
            switch command {
            case .argument(let declarations) where names.count == 1 && references.isEmpty:
                try? globals.declare(declarations, step, escape, request)
            case .from(let base, let name, let platform):
                let wanted = (try? globals.expand(platform, line, escape)).flatMap {
                    try? request.platform(of: $0)
                }
                if let text = try? globals.expand(base, line, escape), !names.contains(text),
                    let reference = try? BaseReference(
                        text, platform: wanted ?? request.platform, line: line),
                    !references.contains(where: { $0.isSameImage(as: reference) })
                {
                    references.append(reference)
                }
                if let name { names.insert(name) }
            default: break
            }
        }
        return references
    }
}
