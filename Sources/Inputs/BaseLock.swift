import JSON
import OCI

/// The identities of base images, by normalised reference and platform: the file `bases.lock.json`.
public struct BaseLock: Hashable, Sendable {
    /// The entries, by reference (`docker.io/library/python:3.10-slim`), then by platform (`linux/amd64`).
    public var entries: [String: [String: Entry]]

    /// What was used as a base image.
    public struct Entry: Hashable, Sendable {
        /// The manifest's digest on the registry, where it is known.
        public var manifest: String?
        /// The digest of the image's config: the image ID.
        public var config: String
        /// The digests of the uncompressed layers.
        public var diffIDs: [String]
        /// The digest of what counts: layers, runtime config, platform; 64 hexadecimal digits.
        public var contentID: String
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
    public subscript(reference: String, platform: String) -> Entry? {
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
    ///   - contentID: The identity of the content (rule 36), 64 hexadecimal digits.
    ///   - runtime: How containers of the image run.
    public init(
        manifest: String?, imageID: String, diffIDs: [String], contentID: String, runtime: RuntimeConfig
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
