import OCI
import SystemPackage

/// A named test command of `run-tests`.
public struct TestLevel: Hashable, Sendable {
    /// Where the command runs.
    public enum Place: String, CaseIterable, Sendable {
        case container, host
    }

    /// Who runs the command in the container.
    public enum User: Hashable, Sendable {
        /// The image's own user.
        case image
        /// The caller's uid and gid.
        case host
        /// The user written here, in the engine's own form.
        case named(String)
    }

    /// The level's name.
    public var name: String
    /// What takes the place of the image's ENTRYPOINT, the program first; nil keeps the image's.
    public var entrypoint: [String]?
    /// The command and its arguments; empty where the image's CMD stands.
    public var command: [String] = []
    /// The declared image that it runs in; nil where several, or none, could be meant.
    public var image: ImageName?
    /// Where the command runs.
    public var place = Place.container
    /// What the container sees of the host.
    public var mounts: [Mount] = []
    /// Variables of the command.
    public var environment: [String: String] = [:]
    /// Names of variables that are handed through where they are set.
    public var passedEnvironment: [String] = []
    /// Who runs the command.
    public var user = User.image
    /// The working folder in the container; nil is the image's.
    public var workingDirectory: String?
    /// The engine's network; nil is its default.
    public var network: String?
    /// Whether the command gets a terminal where our input and output are one.
    public var usesTerminal = false
    /// Whether the command reads our input although it is no terminal.
    public var isInteractive = false
    /// How many seconds the command may take; nil for no end.
    public var timeout: Int?
    /// That time in words, such as `10m`; empty for no end.
    public var timeoutText: String { timeout.map(TimeSpan.text) ?? "" }
    /// Further options of the engine's `run`.
    public var options: [String] = []
    /// What is wrong with the level: it cannot run, and its other values may be missing.
    public var mistake: ConfigurationError?
    /// Keys of the level that have no effect where it runs.
    public var idleKeys: [String] = []
}
