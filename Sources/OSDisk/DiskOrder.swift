import Hashing
import OSTemplate
import SystemPackage

/// What is to be made of a root file system, and where.
public struct DiskOrder: Sendable {
    /// The image's template.
    public var template: OSTemplate
    /// The tar of the root file system.
    public var rootfs: FilePath
    /// Its digest; all identifiers of the disk come from it.
    public var rootfsDigest: SHA256Digest
    /// The folder of the outputs, `imagebuild/NAME`; it exists, and holds none of them.
    public var folder: FilePath
    /// A folder for what is needed meanwhile, on the same file system as `folder`; it is made, and removed afterwards.
    public var scratch: FilePath
    /// The environment of this process: PATH is taken from it.
    public var environment: [String: String]
    /// Told the name of each step as it begins.
    public var stage: @Sendable (String) -> Void

    /// Orders artifacts.
    public init(
        template: OSTemplate, rootfs: FilePath, rootfsDigest: SHA256Digest, folder: FilePath, scratch: FilePath,
        environment: [String: String], stage: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.template = template
        self.rootfs = rootfs
        self.rootfsDigest = rootfsDigest
        self.folder = folder
        self.scratch = scratch
        self.environment = environment
        self.stage = stage
    }
}
