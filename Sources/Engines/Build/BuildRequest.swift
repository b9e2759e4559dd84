import Hashing
import OCI
import Programs
import SystemPackage

/// A build: a context that holds nothing but what was hashed, and how to build from it.
public struct BuildRequest: Sendable {
    /// A secret that steps may mount.
    public struct Secret: Hashable, Sendable {
        /// Where its content is.
        public enum Source: Hashable, Sendable {
            /// In a variable of the engine's environment.
            case variable(String)
            /// In a file.
            case file(FilePath)
        }

        /// The name by which steps ask for it.
        public var id: String
        /// Where its content is.
        public var source: Source

        /// Names a secret.
        public init(id: String, source: Source) {
            self.id = id
            self.source = source
        }
    }

    /// The context: a fresh folder with fixed modes, owners and times, that was never given to a build before.
    public var context: FilePath
    /// The Dockerfile's bytes.
    public var dockerfile: [UInt8]
    /// The same for Docker's legacy builder, which builds every stage before the target: unreachable ones reduced.
    public var legacyDockerfile: [UInt8]
    /// The same for builders whose step cache is not exact, with ARGs whose names begin with `fence`; nil where it needs none.
    public var fencedDockerfile: [UInt8]?
    /// What the names of fences begin with.
    public static let fence = "CACHE_IMAGE_STEP_"
    /// The stage to build; nil for the last.
    public var target: String?
    /// The platform to build for; nil for the engine's own.
    public var platform: Platform?
    /// The build arguments, in their order; without a value the engine takes it from the environment.
    public var arguments: [(name: String, value: String?)] = []
    /// Build arguments whose values are secret: they go to the engine in its environment, and stand in no argument list.
    public var secretArguments: [(name: String, value: String)] = []
    /// What steps may mount with `--mount=type=secret`.
    public var secrets: [Secret] = []
    /// The labels, in their order.
    public var labels: [(name: String, value: String)] = []
    /// The name that the image gets.
    public var name: ImageName
    /// Whether it gets that name; a stage that is built for its steps gets none.
    public var givesName = true
    /// Images among which builders look for steps that they need not run, by names that they have in the engine; only for
    /// builders that do not look at all images.
    public var cacheSources: [ImageName] = []
    /// Whether the image is to tell, in its own config, what other machines need to reuse its steps, where the builder does
    /// that; the others do not need it.
    public var tellsSteps = false
    /// Images to use in place of what references in the Dockerfile name now: by the reference as written, the engine's id.
    ///
    /// Builders without named contexts (Docker's legacy builder) cannot do that.
    public var bases: [String: String] = [:]
    /// Whether every step is built anew.
    public var noCache = false
    /// Further options of the engine's `build`.
    public var options: [String] = []
    /// The paths in these options that the engine gets as absolute ones.
    public var optionPaths: [ArgumentPath] = []
    /// Where the Dockerfile has its first heredoc, as `Dockerfile:4`; nil where it has none.
    public var heredoc: String?
    /// Whether nothing may be fetched: no base image, no network in a step.
    public var offline = false
    /// A folder for small files of the build; the build's own is made in it and removed.
    public var scratch: FilePath
    /// A file that gets all that the engine says; nil where none is wanted.
    public var logFile: FilePath?

    /// Makes a request with nothing but what each needs.
    public init(
        context: FilePath, dockerfile: [UInt8], legacyDockerfile: [UInt8]? = nil, name: ImageName, scratch: FilePath
    ) {
        self.context = context
        self.dockerfile = dockerfile
        self.legacyDockerfile = legacyDockerfile ?? dockerfile
        self.name = name
        self.scratch = scratch
    }
}

/// What a build made.
public struct BuildResult: Hashable, Sendable {
    /// The engine's own digest of the image.
    public let digest: SHA256Digest
    /// Who built it: `podman`, `buildah`, `docker buildkit` or `docker legacy`.
    public let builder: String
    /// How many steps the log shows, FROM left out.
    public let steps: Int
    /// The steps that came from the engine's cache.
    public let reusedSteps: Int

    /// Tells what was made.
    public init(digest: SHA256Digest, builder: String, steps: Int, reusedSteps: Int) {
        self.digest = digest
        self.builder = builder
        self.steps = steps
        self.reusedSteps = reusedSteps
    }

    /// The engine's own id, 64 hexadecimal digits.
    public var id: String { digest.hexadecimal }
}
