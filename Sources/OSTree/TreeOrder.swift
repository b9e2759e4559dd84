import OSPackages
import OSTemplate
import SystemPackage

/// What root file system is to be made, and where.
public struct TreeOrder: Sendable {
    /// The image's template.
    public var template: OSTemplate
    /// The packages that it comes to.
    public var resolution: Resolution
    /// The folder that holds all their files, which the caller has verified and keeps from being cleaned.
    public var packageCache: FilePath
    /// WORK_DIR; what is kept of a provider lies in the folder of its name, whose lock the caller holds.
    public var workFolder: FilePath
    /// The variables of this program, of which PATH is used.
    public var environment: [String: String]
    /// Whether the snapshot of the base tree and earlier root file systems are used and kept.
    public var usesEarlierTrees = true
    /// Gets a line for people now and then, escaped.
    public var log: @Sendable (String) -> Void = { _ in }
    /// Gets the name of each stage as it begins: `chroot`, `install`, `configure`, `pack`.
    public var stage: @Sendable (String) -> Void = { _ in }

    /// Orders a root file system.
    public init(
        template: OSTemplate, resolution: Resolution, packageCache: FilePath, workFolder: FilePath,
        environment: [String: String]
    ) {
        self.template = template
        self.resolution = resolution
        self.packageCache = packageCache
        self.workFolder = workFolder
        self.environment = environment
    }
}
