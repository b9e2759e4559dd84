import Hashing
import JSON
import OCI

/// An image in an engine's store.
public struct EngineImage: Hashable, Sendable {
    /// The engine's own digest of it: the config's, but for Docker's containerd store.
    public let digest: SHA256Digest
    /// The digest of the image's config; nil where the engine names another digest.
    public let configDigest: SHA256Digest?
    /// The names under which the engine holds it, in the engine's spelling.
    public let names: [String]
    /// The digests of its manifest, as the engine got it from a registry or made it.
    public let repoDigests: [ImageReference]
    /// How its containers run.
    public let runtime: RuntimeConfig
    /// What it runs on.
    public let platform: Platform
    /// The digests of its uncompressed layers.
    public let diffIDs: [SHA256Digest]
    /// Bytes in the store, as the engine counts them.
    public let size: Int64
    /// The image that it was made from here by one step of a build, where the engine tells that.
    public let parent: SHA256Digest?

    /// The digest that stands for the image in records: the config's, else the engine's own.
    public var imageID: SHA256Digest { configDigest ?? digest }

    /// The engine's own id, 64 hexadecimal digits.
    public var id: String { digest.hexadecimal }

    /// The identity of its content.
    public var contentID: SHA256Digest { runtime.contentID(diffIDs: diffIDs, platform: platform) }

    /// The digest of the manifest by which the engine got the image; nil where no registry gave it.
    public var manifestDigest: SHA256Digest? {
        repoDigests.lazy.filter { !$0.isLocal }.compactMap { $0.digest?.sha256 }.first
    }
}

extension EngineImage {
    /// Reads an element of what `podman image inspect` and `docker image inspect` print.
    init?(inspected json: JSONValue, config: ImageConfig? = nil) {
        guard let digest = json["Id"]?.string.flatMap({ SHA256Digest(imageID: $0) }) else { return nil }
        self.digest = digest
        repoDigests = (json["RepoDigests"]?.array ?? []).compactMap { $0.string.flatMap { try? ImageReference($0) } }
        names = (json["RepoTags"]?.array ?? []).compactMap(\.string).filter { $0 != "<none>:<none>" }
        size = json["Size"]?.integer ?? 0
        parent = json["Parent"]?.string.flatMap { SHA256Digest(imageID: $0) }
        if let config {
            runtime = config.runtime
            platform = config.platform
            diffIDs = config.diffIDs
            configDigest = config.digest
            return
        }
        var runtime = RuntimeConfig(config: json["Config"], author: json["Author"])
        if runtime.healthcheck == nil, let check = json["Healthcheck"], check.members?.isEmpty == false {
            runtime.healthcheck = check
        }
        self.runtime = runtime
        platform = Platform(
            os: json["Os"]?.string ?? "linux", architecture: json["Architecture"]?.string ?? "amd64",
            variant: json["Variant"]?.string)
        diffIDs = (json["RootFS"]?["Layers"]?.array ?? []).compactMap { $0.string.flatMap { SHA256Digest($0) } }
        // Docker's containerd store names the manifest, not the config.
        let isManifest = json["Descriptor"]?.members != nil || repoDigests.contains { $0.digest?.sha256 == digest }
        configDigest = isManifest ? nil : digest
    }

    /// Reads what `buildah inspect --type image` prints.
    init?(buildah json: JSONValue, names: [String], size: Int64) {
        guard let id = json["FromImageID"]?.string.flatMap({ SHA256Digest(imageID: $0) }),
            let text = json["Config"]?.string,
            let config = try? ImageConfig(bytes: Array(text.utf8))
        else { return nil }
        digest = id
        self.names = names
        self.size = size
        parent = nil
        let manifest = json["FromImageDigest"]?.string.flatMap { SHA256Digest($0) }
        repoDigests = names.compactMap { name in manifest.flatMap { try? ImageReference(name).pinned(to: $0) } }
        runtime = config.runtime
        platform = config.platform
        diffIDs = config.diffIDs
        configDigest = config.digest
    }
}
