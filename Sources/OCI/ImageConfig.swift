import Hashing
import JSON

/// The config of an image: its bytes, which are never changed, and what they say.
///
/// https://github.com/opencontainers/image-spec/blob/main/config.md
public struct ImageConfig: Hashable, Sendable {
    /// The config's bytes, as the builder wrote them.
    public let bytes: [UInt8]
    /// The digest of the bytes: the image ID.
    public let digest: SHA256Digest
    /// What the bytes say, all of it.
    public let json: JSONValue
    /// How containers of the image run.
    public let runtime: RuntimeConfig
    /// What the image runs on.
    public let platform: Platform
    /// The digests of the uncompressed layers, the lowest first.
    public let diffIDs: [SHA256Digest]

    /// Reads a config.
    public init(bytes: [UInt8]) throws(OCIError) {
        let digest = SHA256Digest(of: bytes)
        let object = "the image config \(digest)"
        let json: JSONValue
        do {
            json = try JSONValue(parsing: bytes)
        } catch {
            throw OCIError(object, error.description)
        }
        guard json.members != nil else { throw OCIError(object, "not a JSON object") }
        guard let rootfs = json["rootfs"], rootfs.members != nil else { throw OCIError(object, "it has no rootfs") }
        if let type = rootfs["type"]?.string, type != "layers" {
            throw OCIError(object, "its rootfs is of type \(type), not layers")
        }
        var diffIDs: [SHA256Digest] = []
        for value in rootfs["diff_ids"]?.array ?? [] {
            guard let diffID = value.string.flatMap({ SHA256Digest($0) }) else {
                throw OCIError(object, "a diff_id is \(value.text), not a SHA-256 digest")
            }
            diffIDs.append(diffID)
        }
        for name in ["os", "architecture", "variant"] {
            if let value = json[name], value != .null, value.string == nil {
                throw OCIError(object, "its \(name) is \(value.text.prefix(40)), not a string")
            }
        }
        self.bytes = bytes
        self.digest = digest
        self.json = json
        self.diffIDs = diffIDs
        self.runtime = RuntimeConfig(config: json["config"], author: json["author"])
        self.platform = Platform(
            os: json["os"]?.string ?? "linux", architecture: json["architecture"]?.string ?? "amd64",
            variant: json["variant"]?.string)
    }
}

extension RuntimeConfig {
    /// Reads the `config` member of an image's config; what is absent or of another kind stays unset.
    public init(config: JSONValue?, author: JSONValue? = nil) {
        self.init()
        self.author = author?.string ?? ""
        guard let config else { return }
        func strings(_ name: String) -> [String]? { config[name]?.array?.compactMap(\.string) }
        func names(_ name: String) -> [String] {
            (config[name]?.members?.map(\.name) ?? []).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        }
        env = strings("Env") ?? []
        cmd = strings("Cmd")
        entrypoint = strings("Entrypoint")
        user = config["User"]?.string ?? ""
        workingDirectory = config["WorkingDir"]?.string ?? ""
        for member in config["Labels"]?.members ?? [] { labels[member.name] = member.value.string ?? "" }
        exposedPorts = names("ExposedPorts")
        volumes = names("Volumes")
        stopSignal = config["StopSignal"]?.string ?? ""
        shell = strings("Shell")
        onBuild = strings("OnBuild") ?? []
        if let check = config["Healthcheck"], check.members?.isEmpty == false { healthcheck = check }
    }
}
