import Patterns

/// A Dockerfile, an ignore file or a word that cannot be read or evaluated.
public struct DockerfileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Why a text is refused.
    public enum Kind: Hashable, Sendable {
        /// The text is wrong in every version of the language.
        case invalid
        /// An instruction or flag that this reader does not know; a newer frontend might.
        case notUnderstood
        /// A kind of image whose rules this reader does not know, such as one for Windows.
        case notSupported
        /// The stage to build is none of these.
        case noSuchStage([String])
    }

    /// The kind of the fault.
    public let kind: Kind
    /// The line of the instruction, counted from 1; nil where no line is to blame.
    public let line: Int?
    /// The fault in words: lower case, without a final period.
    public let reason: String

    /// Records a fault.
    public init(_ reason: String, line: Int? = nil, kind: Kind = .invalid) {
        self.kind = kind
        self.line = line
        self.reason = reason
    }

    /// A fault in a word of which versions of the language know different ones: an instruction, a flag, a flag's value.
    ///
    /// One that is nearly a word of this version is misspelt, and so is one that no version would spell in this way.
    static func unknown(
        _ reason: String, _ word: String, among known: [String], isPlausible: Bool
    ) -> DockerfileError {
        if let meant = Misspelling.meant(by: word, known) {
            return DockerfileError("\(reason) (did you mean \(meant)?)")
        }
        return DockerfileError(reason, kind: isPlausible ? .notUnderstood : .invalid)
    }

    /// The fault of a pattern in a Dockerfile.
    init(_ error: PatternError) {
        self.init(error.reason)
    }

    /// `cannot read Dockerfile:LINE: REASON`.
    public var description: String { description(file: "Dockerfile") }

    /// The message for a file of another name.
    public func description(file: String) -> String {
        "cannot read \(file)\(line.map { ":\($0)" } ?? ""): \(reason)"
    }

    /// The same fault with a line, where it has none yet.
    func at(line: Int) -> DockerfileError {
        self.line == nil ? DockerfileError(reason, line: line, kind: kind) : self
    }
}
