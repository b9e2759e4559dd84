import SystemCalls

/// Expands the variables of a word and takes its quotes away, as the shell does for the part of its language that
/// Dockerfiles know.
public struct WordExpander {
    /// What is known of a variable.
    public enum Variable: Hashable, Sendable {
        /// It is not set.
        case unset
        /// It has a value.
        case set(String)
        /// Its value, or whether it has one, depends on a base image that is not known.
        case unknown
    }

    /// What became of a word.
    public struct Result: Hashable, Sendable {
        /// The word, expanded.
        public var word = ""
        /// The word, split at white space that is neither quoted nor escaped.
        public var words: [String] = []
        /// The names of the variables that were found.
        public var used: Set<String> = []
        /// The names of those that are not set.
        public var unset: Set<String> = []
        /// The names of those that are not known; the word then reads as if they were not set.
        public var unknown: Set<String> = []
        /// How many steps of matching patterns it took at most.
        var patternSteps = 0
    }

    /// The escape character, `\` or `` ` ``.
    public var escape: Unicode.Scalar = "\\"
    /// Whether quotes stay in the word.
    public var keepsQuotes = false
    /// Whether escape characters stay in the word.
    public var keepsEscapes = false
    /// Whether quotes are ordinary characters, as in heredocs.
    public var ignoresQuotes = false
    /// Whether variables that are not set stay in the word as they are written.
    public var keepsUnset = false
    /// How many characters longer than its text a word may become.
    public var growthLimit = 1 << 20
    /// How many steps matching its patterns may take.
    var patternSteps = InputLimit.patternSteps

    /// An expander with `\` as escape character.
    public init() {}

    /// A word for a message: its beginning, where it is a long one.
    private static func shown(_ word: String) -> String {
        word.utf8.count <= 1000 ? word : word.prefix(1000) + "…"
    }

    /// Expands a word.
    public func expand(_ word: String, _ variable: (String) -> Variable) throws(WordError) -> Result {
        do {
            return try withoutActuallyEscaping(variable) { (variable) throws(WordError) -> Result in
                var run = WordExpansion(self, word, variable)
                return try run.result()
            }
        } catch {
            throw WordError("failed to process \(Quoted.string(Self.shown(word))): \(error.description)")
        }
    }
}
