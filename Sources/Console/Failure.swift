import SystemCalls

/// An error as the user sees it: one line, at most one hint, an exit code.
public struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
    /// How the program ends.
    public let code: ExitCode
    /// `cannot VERB OBJECT: REASON`.
    public let message: String
    /// The next command, where there is one to name.
    public let hint: String?

    /// Makes a failure.
    public init(_ code: ExitCode, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = Printable.shortened(message)
        self.hint = hint
    }

    /// The message.
    public var description: String { message }
}
