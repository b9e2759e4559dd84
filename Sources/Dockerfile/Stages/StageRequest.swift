import OCI

/// What is asked of a Dockerfile: the part of the inputs that does not stand in the file itself.
public struct StageRequest: Hashable, Sendable {
    /// The stage to build, by name; nil for the last one.
    public var target: String?
    /// The build arguments.
    public var arguments: [String: String]
    /// Names of arguments whose values are secret and were given from outside.
    public var secrets: Set<String> = []
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

    /// The value that an argument is given; a secret where its name, or the request, says so.
    public func given(_ name: String) -> Expanded? {
        guard let value = arguments[name] else { return nil }
        if secrets.contains(name) { return Expanded(value, of: SecretSource(name, value: value)) }
        return Expanded(value).named(name)
    }

    /// The platform that FROM asks for with a flag; what the flag leaves out is that of the image.
    ///
    /// An error has BuildKit's words.
    func platform(of text: String) throws(DockerfileError) -> Platform {
        do throws(Platform.Fault) {
            return try Platform(reading: text, .buildKit, standard: platform)
        } catch {
            let reason = error == .unknown ? ": unknown operating system or architecture" : ""
            throw DockerfileError("failed to parse platform \(text)\(reason)")
        }
    }
}
