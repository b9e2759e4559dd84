import Records

/// Where the cache says what it does while it does it; the command layer shows it.
public struct CacheEvents: Sendable {
    /// A remark that is shown at `-v`.
    public var detail: @Sendable (String) -> Void
    /// A remark that everybody wants to see.
    public var note: @Sendable (String) -> Void
    /// A warning, with the next command where there is one.
    public var warning: @Sendable (String, String?) -> Void
    /// Why an image is about to be built or restored.
    public var reasons: @Sendable (String, [Reason]) -> Void
    /// Output of an engine's build, as it comes.
    public var engineOutput: @Sendable ([UInt8]) -> Void
    /// The engine's build is over, well or not.
    public var buildEnded: @Sendable () -> Void
    /// Whether the user trusts the configuration with what it wants; false also where nobody can be asked.
    public var ask: @Sendable ([OpenQuestion]) throws -> Bool
    /// Bytes moved so far, and of how many where that is known; nil as title ends the progress.
    public var progress: @Sendable (Progress?) -> Void

    /// How far a transfer has come.
    public struct Progress: Hashable, Sendable {
        /// What is moved, such as `saving app:latest`.
        public var title: String
        /// Bytes moved so far.
        public var completed: Int64
        /// Bytes in all; nil where that is not known.
        public var total: Int64?

        /// Describes how far a transfer has come.
        public init(title: String, completed: Int64, total: Int64?) {
            self.title = title
            self.completed = completed
            self.total = total
        }
    }

    /// Says nothing to anybody.
    public init() {
        detail = { _ in }
        note = { _ in }
        warning = { _, _ in }
        reasons = { _, _ in }
        engineOutput = { _ in }
        buildEnded = {}
        ask = { _ in false }
        progress = { _ in }
    }
}
