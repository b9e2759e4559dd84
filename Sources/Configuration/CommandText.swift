import JSON

extension Field {
    /// A command: a list of words, or a text that is split as a shell splits words.
    ///
    /// No shell reads the text, so what only a shell would act on is refused: it would become an argument, and a level
    /// such as `true && pytest` would pass without a test.
    func command() throws(ConfigurationError) -> [String] {
        if case .sequence = node.content { return try texts() }
        let text = try text()
        let split: ShellWords
        do {
            split = try ShellWords(text)
        } catch {
            throw self.error(error.description)
        }
        guard let mark = split.mark() else { return split.words }
        throw error(
            "\(mark) is for a shell, and none reads this text", hint: "write [sh, -c, \(Self.scalar(text))]")
    }

    /// A text as one would write it in a list on one line.
    private static func scalar(_ text: String) -> String {
        let isPlain = text.unicodeScalars.allSatisfy { $0 != "'" && $0.value >= 0x20 && $0.value != 0x7F }
        return isPlain ? "'\(text)'" : JSONValue.string(text).text
    }
}
