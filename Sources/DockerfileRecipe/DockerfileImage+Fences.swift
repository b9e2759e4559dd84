import Context
import Dockerfile
import Hashing
import JSON
import Records

extension DockerfileImage {
    /// The Dockerfile for builders whose step cache looks at the words of a step only (rule 44).
    ///
    /// Before each instruction that takes more than its words say, such as an argument's value or mounted files, stands a
    /// fence: an ARG whose name tells what that is. So no step that took something else looks the same.
    ///
    /// - Parameter prefix: What the names begin with.
    /// - Returns: Nil where not all such instructions are known.
    public func fencedDockerfile(_ prefix: String) -> [UInt8]? {
        guard let fences else { return nil }
        if fences.isEmpty { return dockerfileBytes }
        var result: [UInt8] = []
        for (index, line) in dockerfileBytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .enumerated()
        {
            if index > 0 { result.append(UInt8(ascii: "\n")) }
            if let digest = fences[index + 1] { result += "ARG \(prefix)\(digest.hexadecimal.prefix(16))=1\n".utf8 }
            result += line
        }
        return result
    }

    /// What instructions take beside their words, as digests, by their first lines; nil where that is not known.
    private var fences: [Int: SHA256Digest]? {
        guard let plan, let syntax = try? DockerfileSyntax(dockerfileBytes) else {
            let text = String(decoding: dockerfileBytes, as: UTF8.self).lowercased()
            let words = text.split(whereSeparator: \.isWhitespace)
            return words.contains { $0 == "arg" || $0.hasPrefix("--mount") } ? nil : [:]
        }
        var taken: [Int: [JSONValue]] = [:]
        var operations = inputs.record.operations[...]
        for stage in plan.stages {
            for operation in stage.operations {
                let recorded = operations.popFirst()
                taken[operation.line, default: []] += operation.mounts.compactMap { files(of: $0, in: plan, recorded) }
            }
        }
        let starts = Dictionary(plan.stages.map { ($0.line, $0) }) { first, _ in first }
        for instruction in syntax.instructions where instruction.keyword != "ARG" {
            let line = instruction.startLine
            let arguments = inputs.record.arguments.filter { $0.isUsed(at: line) }
            if let stage = starts[line] {
                // What a base image defers to its children has this line, and no line of ours stands before it.
                let hasDeferred = stage.operations.contains { $0.line == line } || !instruction.original.contains("$")
                if taken[line]?.isEmpty == false || (!arguments.isEmpty && hasDeferred) { return nil }
            } else if instruction.keyword != "FROM" {
                taken[line, default: []] += arguments.map { [$0.name: .object($0.value)] }
            }
        }
        return taken.filter { !$0.value.isEmpty }.mapValues { SHA256Digest(of: JSONValue.array($0).text.utf8) }
    }

    /// What stands for the files that a mount brings; nil where it brings none.
    private func files(of mount: RunMount, in plan: BuildPlan, _ operation: JSONValue?) -> JSONValue? {
        switch mount.origin {
        case nil, .scratch: nil
        case .context: operation?["tree"] ?? .null
        case .image(let reference): .string(bases.identity(reference).description)
        case .stage(let index): end(of: index, in: plan)
        }
    }

    /// What stands for the files at the end of a stage.
    private func end(of index: Int, in plan: BuildPlan) -> JSONValue {
        guard plan.stages.indices.contains(index) else { return .null }
        let before = plan.stages[..<index].reduce(0) { $0 + $1.operations.count }
        let count = plan.stages[index].operations.count
        if count > 0, before + count <= inputs.record.operations.count {
            return inputs.record.operations[before + count - 1]["state"] ?? .null
        }
        return switch plan.stages[index].parent {
        case .stage(let parent): end(of: parent, in: plan)
        case .image(let reference): .string(bases.identity(reference).description)
        case .scratch: .null
        }
    }
}

extension InputsRecord.Argument {
    /// Whether a RUN sees it, or an instruction expands it, at a line.
    fileprivate func isUsed(at line: Int) -> Bool {
        json["lines"]?.array?.contains { $0.integer == Int64(line) } ?? false
    }

    /// What stands for its value.
    fileprivate var value: [JSONValue.Member] { (json.members ?? []).filter { $0.name != "lines" } }
}
