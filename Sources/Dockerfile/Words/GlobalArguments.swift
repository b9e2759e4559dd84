import SystemCalls

/// The arguments before the first FROM, and those that every build knows.
struct GlobalArguments {
    private(set) var values: [String: Expanded]
    /// The secrets given from outside that are declared here.
    private(set) var secrets: Set<SecretSource> = []
    /// For each argument that is declared here, the lines at which it is expanded.
    private(set) var lines: [String: Set<Int>] = [:]
    /// What words may still grow by, and what matching patterns may still cost, in all.
    private var budget = 16 << 20
    private var patternSteps = InputLimit.patternSteps

    init(_ request: StageRequest) {
        let (platform, builder) = (request.platform, request.buildPlatform)
        let standard = [
            "BUILDPLATFORM": builder.description, "BUILDOS": builder.os, "BUILDOSVERSION": "",
            "BUILDARCH": builder.architecture, "BUILDVARIANT": builder.variant ?? "",
            "TARGETPLATFORM": platform.description, "TARGETOS": platform.os, "TARGETOSVERSION": "",
            "TARGETARCH": platform.architecture, "TARGETVARIANT": platform.variant ?? "", "TARGETSTAGE": "",
        ]
        values = standard.mapValues { Expanded($0) }
        for name in standard.keys {
            guard let value = request.given(name) else { continue }
            values[name] = value
            lines[name] = []
        }
    }

    mutating func setTargetStage(_ name: String, _ request: StageRequest) {
        if request.arguments["TARGETSTAGE"] == nil { values["TARGETSTAGE"] = Expanded(name.isEmpty ? "default" : name) }
    }

    /// Declares the arguments of one ARG.
    mutating func declare(
        _ declarations: [(name: String, value: String?)], _ step: Step, _ escape: Unicode.Scalar,
        _ request: StageRequest
    ) throws(DockerfileError) {
        for (name, standard) in declarations {
            var value = request.given(name)
            if let value { secrets.formUnion(value.secrets.filter { $0.value != nil }) }
            if value == nil, let standard {
                do {
                    value = try expand(standard, step.startLine, escape).named(name)
                } catch {
                    throw error.at(line: step.startLine)
                }
            }
            if lines[name] == nil { lines[name] = [] }
            if let value { values[name] = value }
        }
    }

    /// Expands a word of a FROM line, whose image stands by its name in records and locks.
    mutating func expandPublic(
        _ word: String, _ line: Int, _ escape: Unicode.Scalar
    ) throws(DockerfileError) -> String {
        let text = try expand(word, line, escape)
        if text.holdsGivenSecret {
            throw DockerfileError(
                "FROM cannot take the secret argument \(text.secretNames): "
                    + "the name of a base image stands in the record and in the lock")
        }
        return text.text
    }

    /// Expands a word of a FROM line, or the default of an ARG before it.
    mutating func expand(
        _ word: String, _ line: Int, _ escape: Unicode.Scalar
    ) throws(DockerfileError) -> Expanded {
        var expander = WordExpander()
        expander.escape = escape
        expander.patternSteps = patternSteps
        let known = values
        do throws(WordError) {
            let (result, text) = try expander.expand(word) { known[$0].map { .set($0) } ?? .unset }
            patternSteps -= result.patternSteps
            budget -= max(0, result.word.utf8.count - word.utf8.count)
            if budget < 0 { throw WordError("the file expands to more than 16 MiB") }
            for name in result.used.union(result.unset) where lines[name] != nil { lines[name]?.insert(line) }
            return text
        } catch {
            throw DockerfileError(error.description)
        }
    }
}
