/// A string after expansion: known, or dependent on what an unlocked base image sets.
public indirect enum Value: Hashable, Sendable {
    /// The final string.
    case known(String)
    /// A word that needs values of the base image; the base's identity covers the rest.
    case symbolic(Symbol)

    /// A word whose value only the base image could tell.
    public struct Symbol: Hashable, Sendable {
        /// The word before expansion; for paths the part that follows the base's own working directory.
        public let text: String
        /// What is known of the variables that the word names, by name.
        public let values: [String: Value]
        /// The string to show in place of the value.
        public let shown: String
        /// How many words it is made of, and how deep they are nested.
        let size: Int
        let depth: Int

        init(_ text: String, values: [String: Value] = [:], shown: String? = nil) {
            self.text = text
            self.values = values
            self.shown = shown ?? text
            var size = 1 + text.utf8.count
            var depth = 1
            for case .symbolic(let symbol) in values.values {
                size = size.addingReportingOverflow(symbol.size).partialValue
                depth = max(depth, symbol.depth + 1)
            }
            self.size = size
            self.depth = depth
        }
    }

    /// The string, or what is shown in place of one that is not known.
    public var shown: String {
        switch self {
        case .known(let string): string
        case .symbolic(let symbol): symbol.shown
        }
    }

    /// The string; nil where it depends on an unlocked base image.
    public var string: String? {
        if case .known(let string) = self { string } else { nil }
    }
}
