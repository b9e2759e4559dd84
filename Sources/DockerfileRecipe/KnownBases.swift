import Context
import Dockerfile
import OCI
import Records

/// What is known of the base images of a Dockerfile: what the lock says, and the keys of those that are declared.
struct KnownBases: Sendable {
    let lock: BaseLock
    /// The declared images among them, by reference and platform.
    var declared: [Key: DeclaredBase] = [:]

    /// What tells base images apart.
    struct Key: Hashable, Sendable {
        let reference: ImageReference
        let platform: Platform

        init(_ base: BaseReference) {
            reference = base.reference
            platform = base.platform
        }
    }

    init(_ lock: BaseLock) { self.lock = lock }

    /// The declared image that a base image is; nil for any other.
    subscript(base: BaseReference) -> DeclaredBase? { declared[Key(base)] }

    /// What stands in the key for a base image: the key of a declared one, its locked content id, else its reference
    /// (rules 36, 37, 56).
    func identity(_ base: BaseReference) -> BaseIdentity {
        if let declared = self[base] { return .key(declared.key) }
        return lock[base.reference, base.platform].map { .content($0.contentID) } ?? .reference(base.reference)
    }

    /// Whether nothing but its reference stands for a base image.
    func isUnlocked(_ base: BaseReference) -> Bool {
        self[base] == nil && lock[base.reference, base.platform] == nil && base.digest == nil
    }

    /// What the evaluation of a Dockerfile needs to know of a base image; nil where nothing is.
    func image(_ base: BaseReference) -> BaseImage? {
        if let declared = self[base] { return declared.runtime.map { BaseImage($0) } ?? .unknown }
        guard let entry = lock[base.reference, base.platform] else { return nil }
        return BaseImage(
            environment: entry.environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" },
            workingDirectory: entry.workingDirectory, user: entry.user, shell: entry.shell, onBuild: entry.onBuild)
    }

    /// A base image for the cache.
    func named(_ base: BaseReference) -> ImageInputs.Base {
        ImageInputs.Base(
            reference: base.reference, written: base.text, platform: base.platform, declared: self[base]?.name)
    }
}

extension BaseImage {
    /// What is known of a declared image.
    init(_ runtime: RuntimeConfig) {
        self.init(
            environment: runtime.env, workingDirectory: runtime.workingDirectory, user: runtime.user,
            shell: runtime.shell ?? [], onBuild: runtime.onBuild)
    }

    /// The same for images that are made from it; nil where nothing is known.
    var runtime: RuntimeConfig? {
        guard isKnown else { return nil }
        var runtime = RuntimeConfig()
        runtime.env = environment
        runtime.workingDirectory = workingDirectory
        runtime.user = user
        runtime.shell = shell.isEmpty ? nil : shell
        runtime.onBuild = onBuild
        return runtime
    }
}
