/// One instruction of a Dockerfile as it is written: split into arguments, but neither checked nor expanded.
public struct Instruction: Hashable, Sendable {
    /// A here-document that belongs to an instruction.
    public struct Heredoc: Hashable, Sendable {
        /// The delimiter, without quotes.
        public let name: String
        /// The file descriptor before `<<`; 0 where there is none.
        public let descriptor: UInt
        /// Whether variables in it are expanded: no part of the delimiter was quoted.
        public let expands: Bool
        /// Whether `<<-` asks for leading tabs to be removed.
        public let chomps: Bool
        /// The lines up to the delimiter, verbatim.
        public var content = ""
    }

    /// The keyword, in upper case.
    public let keyword: String
    /// The instruction with its continuation lines joined, without its heredocs.
    public let original: String
    /// The flags, `--name` or `--name=value`, quotes removed.
    public let flags: [String]
    /// The arguments; those of ENV and LABEL are name, value and the delimiter between them.
    public let arguments: [String]
    /// Whether the arguments are written as a JSON array.
    public let isJSON: Bool
    /// The instruction that ONBUILD defers: one element or none.
    public let deferred: [Instruction]
    /// The heredocs, in order.
    public internal(set) var heredocs: [Heredoc] = []
    /// The first line, counted from 1.
    public internal(set) var startLine = 0
    /// The last line, heredocs included.
    public internal(set) var endLine = 0
    /// The comment lines directly before it.
    public internal(set) var comments: [String] = []

    /// Whether heredocs may follow it.
    var mayHaveHeredocs: Bool {
        let instruction = keyword == "ONBUILD" ? deferred.first ?? self : self
        return ["RUN", "COPY", "ADD"].contains(instruction.keyword) && !instruction.isJSON
    }
}
