/// What is known of a base image's runtime configuration.
public struct BaseImage: Hashable, Sendable {
    /// The environment, `NAME=value` in the image's order.
    public var environment: [String]
    /// The working directory; empty where the image sets none.
    public var workingDirectory: String
    /// The user; empty where the image sets none.
    public var user: String
    /// The shell of RUN's shell form; empty where the image sets none.
    public var shell: [String]
    /// The ONBUILD triggers, in order.
    public var onBuild: [String]

    /// Whether the parts are known; else words that need them are symbolic, as with an image that stands in no lock.
    public private(set) var isKnown = true

    /// An image whose identity is known, and nothing else.
    public static let unknown: BaseImage = {
        var image = BaseImage()
        image.isKnown = false
        return image
    }()

    /// Collects the parts that the evaluation needs.
    public init(
        environment: [String] = [], workingDirectory: String = "", user: String = "", shell: [String] = [],
        onBuild: [String] = []
    ) {
        self.environment = environment
        self.workingDirectory = workingDirectory
        self.user = user
        self.shell = shell
        self.onBuild = onBuild
    }
}
