/// Where the verbs of git-lfs write, line by line.
public struct VerbConsole: Sendable {
    /// Writes a line to stdout.
    public let print: @Sendable (String) -> Void
    /// Writes a line to stderr.
    public let complain: @Sendable (String) -> Void
    /// Hears how far a transfer is.
    public let progress: (@Sendable (TransferProgress) -> Void)?

    /// Takes the two writers.
    public init(
        print: @escaping @Sendable (String) -> Void, complain: @escaping @Sendable (String) -> Void,
        progress: (@Sendable (TransferProgress) -> Void)? = nil
    ) {
        self.print = print
        self.complain = complain
        self.progress = progress
    }

    /// Names the variables of `.lfsconfig` that were ignored.
    func warn(about configuration: LFSConfiguration) {
        if configuration.ignoredKeys.isEmpty { return }
        complain("warning: These unsafe '.lfsconfig' keys were ignored:")
        complain("")
        for key in configuration.ignoredKeys { complain("  " + key) }
    }

    /// Writes an error, and its hint.
    func report(_ error: LFSError) {
        complain(error.description)
        if let hint = error.hint { complain("hint: \(hint)") }
    }
}
