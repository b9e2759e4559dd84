/// A string after expansion: known, or dependent on what an unlocked base image sets.
public indirect enum Value: Hashable, Sendable {
    /// The final string.
    case known(Expanded)
    /// A word that needs values of the base image; the base's identity covers the rest.
    case symbolic(Symbol)

    /// A word whose value only the base image could tell.
    public struct Symbol: Hashable, Sendable {
        /// The word before expansion; for paths the part that follows the base's own working directory.
        public let text: Expanded
        /// What is known of the variables that the word names, by name.
        public let values: [String: Value]
        /// The string to show in place of the value; it holds no secret.
        public let shown: String
        /// How many words it is made of, and how deep they are nested.
        let size: Int
        let depth: Int

        init(_ text: Expanded, values: [String: Value] = [:], shown: String? = nil) {
            self.text = text
            self.values = values
            self.shown = shown ?? text.shown
            var size = 1 + text.text.utf8.count
            var depth = 1
            for case .symbolic(let symbol) in values.values {
                size = size.addingReportingOverflow(symbol.size).partialValue
                depth = max(depth, symbol.depth + 1)
            }
            self.size = size
            self.depth = depth
        }
    }

    /// What is shown of the string, or in place of one that is not known; it holds no secret.
    public var shown: String {
        switch self {
        case .known(let text): text.shown
        case .symbolic(let symbol): symbol.shown
        }
    }

    /// The string with its secrets, or what is shown in place of one that is not known.
    public var text: Expanded {
        switch self {
        case .known(let text): text
        case .symbolic(let symbol): Expanded(symbol.shown)
        }
    }

    /// The string; nil where it depends on an unlocked base image.
    public var string: String? {
        if case .known(let text) = self { text.text } else { nil }
    }

    /// The value of a variable that a committed file sets: a secret where its name says so.
    func named(_ name: String) -> Value {
        if case .known(let text) = self { .known(text.named(name)) } else { self }
    }
}
