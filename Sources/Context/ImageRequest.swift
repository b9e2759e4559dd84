import OCI
import Records
import SystemPackage

/// What is asked for: one image of a recipe, with everything from the configuration that decides its inputs.
public struct ImageRequest: Sendable {
    /// The image's name, as declared.
    public var image: ImageName
    /// The file in which the recipe is written, absolute: a Dockerfile or template.
    public var dockerfile: FilePath
    /// The context folder, absolute.
    public var context: FilePath
    /// The folder that paths in records and messages are relative to: the work tree, else the configuration's folder.
    public var root: FilePath
    /// The folder that `inputs` and `includeIgnored` are relative to.
    public var configurationFolder: FilePath
    /// The cache folder, never an input.
    public var cacheFolder: FilePath?
    /// The stage to build; nil for the last.
    public var target: String?
    /// The platform.
    public var platform: Platform
    /// The platform as it is declared; nil where it is that of the host only because nobody says another.
    public var declaredPlatform: Platform?
    /// The build arguments.
    public var arguments: [String: String] = [:]
    /// Names of the arguments whose values are secret and were given from outside, not by a committed file.
    public var secretArguments: Set<String> = []
    /// The labels that the build adds.
    public var labels: [String: String] = [:]
    /// Globs of further files that decide the image.
    public var inputs: [String] = []
    /// Further words that decide the image.
    public var salt: [String: String] = [:]
    /// Build arguments that do not count.
    public var localArguments: Set<String> = []
    /// Which files count.
    public var contextFiles = ContextFiles.clone
    /// Globs of git-ignored files that count all the same.
    public var includeIgnored: [String] = []
    /// Whether the commit and the work tree's state are inputs, and `.git` part of the context.
    public var keepGitDirectory = false
    /// Whether the build gets further named contexts, which these rules cannot see: the key then covers the whole context.
    public var hasNamedContexts = false

    /// Asks for an image; what is not given here keeps its default.
    public init(
        image: ImageName, dockerfile: FilePath, context: FilePath, root: FilePath, configurationFolder: FilePath? = nil,
        platform: Platform
    ) {
        self.image = image
        self.dockerfile = dockerfile
        self.context = context
        self.root = root
        self.configurationFolder = configurationFolder ?? root
        self.platform = platform
    }
}
