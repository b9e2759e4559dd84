import Hashing
import OCI

/// The identities of base images, by normalised reference and platform: the file `bases.lock.json`.
public struct BaseLock: Hashable, Sendable {
    /// The entries, by reference, then by platform.
    public var entries: [ImageReference: [Platform: Entry]]

    /// What was used as a base image.
    public struct Entry: Hashable, Sendable {
        /// The manifest's digest on the registry, where it is known.
        public var manifest: SHA256Digest?
        /// The digest of the image's config: the image ID.
        public var config: SHA256Digest
        /// The digests of the uncompressed layers.
        public var diffIDs: [SHA256Digest]
        /// The digest of what counts: layers, runtime config, platform.
        public var contentID: SHA256Digest
        /// The image's environment.
        public var environment: [String: String]
        /// The image's working folder.
        public var workingDirectory: String
        /// The image's user.
        public var user: String
        /// The image's shell.
        public var shell: [String]
        /// The triggers that a build on this image runs.
        public var onBuild: [String]
    }

    /// A lock with no entries.
    public init() {
        entries = [:]
    }

    /// The entry of a reference and platform.
    public subscript(reference: ImageReference, platform: Platform) -> Entry? {
        get { entries[reference]?[platform] }
        set {
            entries[reference, default: [:]][platform] = newValue
            if entries[reference]?.isEmpty == true { entries[reference] = nil }
        }
    }
}

extension BaseLock.Entry {
    /// Describes an image that an engine holds.
    ///
    /// - Parameters:
    ///   - manifest: The manifest's digest on the registry, where it is known.
    ///   - imageID: The digest of the config.
    ///   - diffIDs: The digests of the uncompressed layers.
    ///   - contentID: The identity of the content (rule 36).
    ///   - runtime: How containers of the image run.
    public init(
        manifest: SHA256Digest?, imageID: SHA256Digest, diffIDs: [SHA256Digest], contentID: SHA256Digest,
        runtime: RuntimeConfig
    ) {
        self.manifest = manifest
        config = imageID
        self.diffIDs = diffIDs
        self.contentID = contentID
        environment = runtime.environment
        workingDirectory = runtime.workingDirectory
        user = runtime.user
        shell = runtime.shell ?? []
        onBuild = runtime.onBuild
    }
}
