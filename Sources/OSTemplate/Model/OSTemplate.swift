import JSON
import SystemPackage

/// One OS image as it is to be: the template, merged over what it extends and over the defaults, and checked.
public struct OSTemplate: Sendable {
    /// What kind of image `target.imageType` asks for.
    public enum ImageType: String, CaseIterable, Sendable {
        case raw, img
    }

    /// The file that was read.
    public var path: FilePath
    /// `image.name`.
    public var name: String
    /// `image.version`.
    public var version: String
    /// `target`'s os, dist and arch.
    public var provider: Provider
    /// `target.imageType`.
    public var imageType: ImageType
    /// `packageRepositories`, as the template has them.
    public var declaredRepositories: [PackageRepository] = []
    /// Where packages come from: those that this machine has for the provider, then `packageRepositories`.
    ///
    /// The machine's are left out where the template names a repository with the provider's suite as its codename.
    public var repositories: [PackageRepository]
    /// The packages and apt patterns that make the base tree, such as `?essential`.
    public var basePackages: [String]
    /// `systemConfig`.
    public var system: SystemConfig
    /// `disk`.
    public var disk: DiskConfig
    /// `build.cache.use_package_cache`; nil where the template says nothing.
    public var usesPackageCache: Bool?
    /// `build.cache.use_image_cache`; nil where the template says nothing.
    public var usesImageCache: Bool?
    /// Every local file whose bytes decide the image: additionalFiles, keys of repositories, scripts.
    public var localFiles: [FilePath]
    /// The merged template in a fixed order: passwords are their hashes, paths are as they were written.
    public var canonical: JSONValue
}
