import Programs
import SystemPackage

/// A command to run in a container of an image.
public struct RunRequest: Sendable {
    /// A folder or file of this machine, as the container sees it.
    public struct Mount: Hashable, Sendable {
        /// The absolute path on this machine.
        public var source: FilePath
        /// The absolute path in the container.
        public var target: String
        /// The engine's words, such as `ro`.
        public var options: [String]

        /// Makes a mount.
        public init(source: FilePath, target: String, options: [String] = []) {
            self.source = source
            self.target = target
            self.options = options
        }
    }

    /// The image, by the engine's id or by name.
    public var image: String
    /// What messages call the run; the image where nothing is set.
    public var title: String
    /// What takes the place of the image's ENTRYPOINT and CMD, the program first; nil keeps them.
    public var entrypoint: [String]?
    /// The command, arguments of the ENTRYPOINT where there is one; empty for the image's own, if that has its ENTRYPOINT.
    public var command: [String]
    /// What of this machine the container sees.
    public var mounts: [Mount] = []
    /// Variables of the container, in their order.
    public var environment: [(name: String, value: String)] = []
    /// Variables that the container takes from the engine's environment, where they are set.
    public var passedEnvironment: [String] = []
    /// Variables whose values stand in no argument list: they go to the engine in its environment.
    public var secretEnvironment: [(name: String, value: String)] = []
    /// The user, as `UID:GID` or a name; nil for the image's.
    public var user: String?
    /// The image's own user; nil where it names none.
    public var imageUser: String?
    /// Whether the user is the caller, inside and outside.
    public var isCaller = false
    /// The folder in which the command starts; nil for the image's.
    public var workingDirectory: String?
    /// The network; nil for the engine's default.
    public var network: String?
    /// Further options of the engine's `run`.
    public var options: [String] = []
    /// The paths in these options that the engine gets as absolute ones.
    public var optionPaths: [ArgumentPath] = []
    /// Whether the command reads our input; it is empty otherwise.
    public var isInteractive = false
    /// Whether the command gets a terminal, where our input and output are one.
    public var usesTerminal = false

    /// Makes a request with nothing but what each needs.
    public init(image: String, command: [String]) {
        self.image = image
        title = image
        self.command = command
    }
}
