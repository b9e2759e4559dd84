/// What is asked of a Dockerfile: the part of the inputs that does not stand in the file itself.
public struct BuildRequest: Hashable, Sendable {
    /// A platform's three parts.
    public struct Platform: Hashable, Sendable, CustomStringConvertible {
        /// The operating system.
        public let os: String
        /// The architecture.
        public let architecture: String
        /// The architecture's variant; empty where there is none.
        public let variant: String

        /// Takes the parts as they are.
        public init(os: String = "linux", architecture: String, variant: String = "") {
            self.os = os
            self.architecture = architecture
            self.variant = variant
        }

        /// `os/arch[/variant]`.
        public var description: String { "\(os)/\(architecture)\(variant.isEmpty ? "" : "/\(variant)")" }
    }

    /// The stage to build, by name; nil for the last one.
    public var target: String?
    /// The build arguments.
    public var arguments: [String: String]
    /// The platform of the image.
    public var platform: Platform
    /// The platform of the machine that builds.
    public var buildPlatform: Platform
    /// Labels given beside the Dockerfile; they win over its own.
    public var labels: [String: String]

    /// Collects the parts; the platform that builds is that of the image where none is given.
    public init(
        target: String? = nil, arguments: [String: String] = [:], platform: Platform, buildPlatform: Platform? = nil,
        labels: [String: String] = [:]
    ) {
        self.target = target
        self.arguments = arguments
        self.platform = platform
        self.buildPlatform = buildPlatform ?? platform
        self.labels = labels
    }
}
