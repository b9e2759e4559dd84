import Archive
import SystemCalls

/// A container engine that is not there, did not answer, or could not do what was asked.
public struct EngineError: Error, Sendable, CustomStringConvertible {
    /// What sort of failure it is.
    public enum Kind: Hashable, Sendable {
        /// No engine's program is on PATH.
        case notFound
        /// The program is there, its service does not answer.
        case unreachable
        /// A build failed; the step, as the engine names it.
        case buildFailed(step: String?)
        /// The engine has no such image.
        case noSuchImage
        /// A signal that was not ours ended the engine's program.
        case died(signal: Int32)
        /// The engine's program said nothing for too long and was ended.
        case hung
        /// The engine read the whole archive and refused it.
        case refused
        /// The engine ended with this status.
        case failed(status: Int32)
    }

    /// What sort of failure it is.
    public let kind: Kind
    /// The whole message: `cannot VERB OBJECT: REASON`.
    public let description: String
    /// The last lines that the engine wrote.
    public let lastLines: [String]

    /// The next command, where one is known.
    public let hint: String?

    /// Records a failure.
    public init(_ kind: Kind, _ description: String, lastLines: [String] = [], hint: String? = nil) {
        self.kind = kind
        self.description = description
        self.hint = hint
        self.lastLines = lastLines
    }
}
