import SystemCalls

/// A template or a configuration that cannot be used.
public struct TemplateError: Error, Hashable, Sendable, CustomStringConvertible {
    /// One thing that is wrong in a file.
    public struct Mistake: Hashable, Sendable, CustomStringConvertible {
        /// The file as it was named.
        public let file: String
        /// The line, from 1; 0 where it is about the whole file.
        public let line: Int
        /// What is wrong.
        public let message: String
        /// The next thing to do.
        public let hint: String?
        private let verb: String

        /// Names a mistake.
        ///
        /// - Parameter verb: What cannot be done with the file.
        public init(file: String, line: Int, _ message: String, hint: String? = nil, verb: String = "use") {
            self.file = Printable.escaped(file)
            self.line = line
            self.message = message
            self.hint = hint
            self.verb = verb
        }

        /// `cannot use FILE:LINE: REASON`, one line.
        public var description: String {
            "cannot \(verb) \(file)\(line > 0 ? ":\(line)" : ""): \(message)"
        }
    }

    /// How many mistakes are told at most.
    public static let maximumMistakes = 20

    /// The mistakes in the order of the check, at least one.
    public let mistakes: [Mistake]
    private let first: Mistake

    /// Makes an error of one mistake and those after it.
    public init(_ first: Mistake, _ others: [Mistake] = []) {
        self.first = first
        mistakes = [first] + others
    }

    /// The first mistake.
    public var description: String { first.description }
    /// What to do about the first mistake.
    public var hint: String? { first.hint }
}
