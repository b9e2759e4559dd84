/// A flag of the command line that says something of the configuration; a new one is one more line.
///
/// Every flag but a repeated one has a variable behind it: `--lock-timeout` is `CACHE_IMAGE_LOCK_TIMEOUT`.
public struct CommandFlag: Hashable, Sendable {
    /// The name with its dashes.
    public let name: String
    /// What stands for its value in help; nil where it has none.
    public let valueName: String?
    /// What it is about, a sentence.
    public let text: String
    /// Whether it is about one image, so that it cannot be given for several.
    let isOfOneImage: Bool
    /// Whether it may be given more than once; it has no variable then.
    public let isRepeated: Bool

    private init(
        _ name: String, value: String? = nil, ofOneImage: Bool = false, repeated: Bool = false, _ text: String
    ) {
        self.name = name
        valueName = value
        self.text = text
        isOfOneImage = ofOneImage
        isRepeated = repeated
    }

    /// The variable that stands for the flag where it is not given.
    public var variable: String { FlagValues.variable(of: name) }
}

extension CommandFlag {
    /// Names the configuration file.
    public static let config = CommandFlag("--config", value: "file", "The configuration file.")
    /// Names the engine.
    public static let engine = CommandFlag(
        "--engine", value: "engine", "The container engine: podman, docker or buildah.")
    /// Limits the wait for the lock.
    public static let lockTimeout = CommandFlag(
        "--lock-timeout", value: "seconds", "How long to wait for another command.")
    /// Leaves the network alone.
    public static let offline = CommandFlag("--offline", "Open no network connection.")
    /// Leaves Git's index alone.
    public static let noStage = CommandFlag("--no-stage", "Leave Git's index alone.")
    /// Builds without the engine's step cache.
    public static let noCache = CommandFlag("--no-cache", "Build every step anew.")
    /// Gives what a configuration asks for.
    public static let trust = CommandFlag(
        "--trust", "Trust what the configuration wants of this machine, and remember it.")
    /// Stores an image that holds a secret.
    public static let allowSecretInImage = CommandFlag(
        "--allow-secret-in-image", "Store an image whose config or history holds the value of a secret argument.")
    /// Sets when output has colours.
    public static let color = CommandFlag("--color", value: "when", "Colours: auto, always or never.")
    /// Sets the form of the progress.
    public static let progress = CommandFlag("--progress", value: "form", "Progress: auto, plain, tty, json or none.")
    /// Picks images by their type.
    public static let type = CommandFlag("--type", value: "type", "Pick the configured images of this type.")
    /// Names one image, declared or not.
    public static let imageName = CommandFlag("--name", value: "name", "The image's name.")
    /// Names the tag.
    public static let tag = CommandFlag("--tag", value: "tag", "The image's tag.")
    /// Names the Dockerfile.
    public static let dockerfile = CommandFlag("--dockerfile", value: "file", ofOneImage: true, "The Dockerfile.")
    /// Names the context.
    public static let context = CommandFlag("--context", value: "dir", ofOneImage: true, "The build context.")
    /// Names the stage.
    public static let target = CommandFlag("--target", value: "stage", ofOneImage: true, "The stage to build.")
    /// Names the platform.
    public static let platform = CommandFlag("--platform", value: "platform", "The platform, OS/ARCH.")
    /// Sets a build argument; may be repeated.
    public static let buildArgument = CommandFlag(
        "--build-arg", value: "k=v", repeated: true, "A build argument, K=V; K alone takes the caller's value.")
    /// Sets a label; may be repeated.
    public static let label = CommandFlag("--label", value: "k=v", repeated: true, "A label, K=V.")
}
