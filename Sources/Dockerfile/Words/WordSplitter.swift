import Patterns

/// Collects the words of a text: white space ends a word, unless it was quoted or escaped.
struct WordSplitter {
    private var words: [String] = []
    private var word = String.UnicodeScalarView()

    /// Adds a character that may end a word.
    mutating func add(_ scalar: Unicode.Scalar) {
        if !GoText.isSpace(scalar) {
            word.append(scalar)
        } else if !word.isEmpty {
            words.append(String(word))
            word = String.UnicodeScalarView()
        }
    }

    /// Adds characters that belong to the word, whatever they are.
    mutating func addLiterally(_ scalars: some Sequence<Unicode.Scalar>) {
        word.append(contentsOf: scalars)
    }

    /// All words.
    mutating func finish() -> [String] {
        if !word.isEmpty { words.append(String(word)) }
        word = String.UnicodeScalarView()
        return words
    }
}
