import SystemCalls

extension Evaluation {
    /// Expands a word at a step.
    mutating func expand(_ word: String, _ step: Step) throws(DockerfileError) -> Value {
        let (result, text) = try result(word, step, WordExpander())
        return try value(word, result, text)
    }

    /// Expands a heredoc, in which quotes mean nothing and `\` escapes whatever the file's escape character is.
    mutating func expandBody(_ text: String, _ step: Step) throws(DockerfileError) -> Value {
        var expander = WordExpander()
        expander.ignoresQuotes = true
        let (result, expanded) = try result(text, step, expander, escape: "\\")
        return try value(text, result, expanded)
    }

    /// Expands a word into several; one value alone where it is not known.
    mutating func expandWords(_ word: String, _ step: Step) throws(DockerfileError) -> [Value] {
        let (result, text) = try result(word, step, WordExpander())
        if !result.unknown.isEmpty { return [try value(word, result, text)] }
        return result.words.map { .known(Expanded($0, shown: SecretName.mask, secrets: text.secrets)) }
    }

    /// A word with a text in place of each value that is not known; nil where it then cannot be expanded.
    func text(of word: String, unknown: String) -> String? {
        var expander = WordExpander()
        expander.escape = graph.escape
        expander.patternSteps = patternSteps
        let expanded = try? expander.expand(word) { (name) -> WordExpander.Variable in
            switch state.lookUp(name) {
            case .unknown: .set(unknown)
            case .unset: .unset
            case .set(let value): .set(value.text)
            }
        }
        return expanded?.word
    }

    private mutating func result(
        _ word: String, _ step: Step, _ expander: WordExpander, escape: Unicode.Scalar? = nil
    ) throws(DockerfileError) -> (WordExpander.Result, Expanded) {
        var expander = expander
        expander.escape = escape ?? graph.escape
        expander.patternSteps = patternSteps
        let (state, hides) = (state, hidesSecrets)
        do throws(WordError) {
            let (result, text) = try expander.expand(word) { name in
                let variable = state.lookUp(name)
                guard hides, case .set(let value) = variable else { return variable }
                return .set(Expanded(value.shown, shown: value.shown, secrets: value.secrets))
            }
            secretsOfStep.formUnion(text.secrets)
            patternSteps -= result.patternSteps
            budget -= max(0, result.word.utf8.count - word.utf8.count)
            if budget < 0 { throw WordError("the file expands to more than 16 MiB") }
            for names in [result.used, result.unset, result.unknown] {
                for name in names where state.declared.contains(name) {
                    arguments.expand(name, at: step.startLine)
                }
            }
            return (result, text)
        } catch {
            throw DockerfileError(error.description)
        }
    }

    /// The value of an expanded word: symbolic where a variable was not known.
    private mutating func value(
        _ word: String, _ result: WordExpander.Result, _ expanded: Expanded
    ) throws(DockerfileError) -> Value {
        if result.unknown.isEmpty { return .known(expanded) }
        var values: [String: Value] = [:]
        for name in result.used.union(result.unknown) { values[name] = state.variables[name]?.value }
        let symbol = Value.Symbol(Expanded(word), values: values)
        budget -= symbol.size
        if symbol.depth > 256 || symbol.size > 1 << 20 || budget < 0 {
            throw DockerfileError("too many words depend on a base image that is not in the lock")
        }
        return .symbolic(symbol)
    }
}
