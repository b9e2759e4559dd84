import OSTemplate
import SystemPackage

/// What a command wants of a build, beside the template.
public struct BuildOptions: Sendable {
    /// Where the outputs go: a folder, or a file where the template asks for one artifact; nil for
    /// `WORK_DIR/{provider}/imagebuild/{systemConfig.name}`.
    public var output: FilePath?
    /// Whether nothing may be fetched.
    public var isOffline = false
    /// Whether the lock file has to be there and to fit.
    public var isLocked = false
    /// Whether packages are resolved anew, whatever the lock file says.
    public var refreshes = false
    /// Whether a build is an error: the image has to be in the image cache.
    public var isFrozen = false
    /// Whether finished images are looked for and kept; nil for what template and configuration say.
    public var usesImageCache: Bool?
    /// Whether packages are kept for later builds; nil for what template and configuration say.
    public var usesPackageCache: Bool?
    /// Whether base trees and root file systems of earlier builds are used.
    public var usesTreeCache = true
    /// What is made in place of the template's artifacts; nil for those.
    public var artifacts: [DiskConfig.Artifact]?

    /// The standard options.
    public init() {}
}
