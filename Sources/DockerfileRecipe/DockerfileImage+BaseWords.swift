import Dockerfile

extension DockerfileImage {
    /// The words by which FROM lines name each base image, by its reference: `$BASE` beside `debian:12`.
    ///
    /// Some builders look for what takes an image's place by the word as it is written, others by what it stands for.
    public var baseWords: [String: Set<String>] {
        let instructions = (try? DockerfileSyntax(dockerfileBytes))?.instructions ?? []
        let starts = instructions.filter { $0.keyword == "FROM" && !$0.arguments.isEmpty }
        var words: [String: Set<String>] = [:]
        for (reference, line) in baseLines {
            words[reference, default: [reference]].formUnion(
                // An option could not tell where such a word ends.
                starts.filter { $0.startLine == line }.map { $0.arguments[0] }.filter { !$0.contains("=") })
        }
        return words
    }

    /// The references of base images, each with a line of FROM.
    private var baseLines: [(reference: String, line: Int)] {
        guard let plan else {
            return DockerfileSyntax.baseReferences(of: dockerfileBytes, request: request.buildRequest).map {
                ($0.text, $0.line)
            }
        }
        return plan.stages.compactMap { stage in
            if case .image(let reference) = stage.parent { (reference.text, stage.line) } else { nil }
        }
    }
}
