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
    /// The command and its arguments.
    public var command: [String]
    /// The declared image that it runs in; nil where several, or none, could be meant.
    public var image: ImageName?
    /// Where the command runs.
    public var place: Place
    /// What the container sees of the host.
    public var mounts: [Mount]
    /// Variables of the command.
    public var environment: [String: String]
    /// Names of variables that are handed through where they are set.
    public var passedEnvironment: [String]
    /// Who runs the command.
    public var user: User
    /// The working folder in the container; nil is the image's.
    public var workingDirectory: String?
    /// The engine's network; nil is its default.
    public var network: String?
    /// Further options of the engine's `run`.
    public var options: [String]
}
