import Hashing
import OSDisk
import OSPackages
import OSTemplate
import OSTree

/// A template with the packages that it came to, and the keys of both.
struct ResolvedTemplate: Sendable {
    let template: OSTemplate
    let lock: LockFile
    /// Whether nothing had to be resolved.
    let isLocked: Bool
    let baseKey: String
    let rootfsKey: String
    /// The specification hash in hex.
    let specification: String

    init(_ template: OSTemplate, lock: LockFile, isLocked: Bool) throws {
        self.template = template
        self.lock = lock
        self.isLocked = isLocked
        baseKey = TreeKeys.base(template, lock.resolution)
        rootfsKey = try TreeKeys.rootfs(template, lock.resolution)
        specification = SpecificationKey.text(
            template: try template.specificationDigest(), rootfsKey: rootfsKey, artifacts: template.artifacts)
    }
}
