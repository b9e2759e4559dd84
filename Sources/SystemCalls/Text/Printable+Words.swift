extension Printable {
    /// A text in double quotes, cut where it is long.
    public static func quoted(_ text: String) -> String {
        let shown = text.count > 80 ? text.prefix(80) + "…" : text[...]
        return "\"\(shown)\""
    }

    /// Words as `a, b or c`.
    public static func alternatives(_ words: [String]) -> String {
        guard let last = words.last, words.count > 1 else { return words.first ?? "" }
        return words.dropLast().joined(separator: ", ") + " or " + last
    }
}
