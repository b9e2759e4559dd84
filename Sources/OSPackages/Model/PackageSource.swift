import OSTemplate
import SystemPackage

/// A family's way to packages: apt's for deb, dnf's for rpm.
public protocol PackageSource: Sendable {
    /// The host programs it calls, with the Debian package of each.
    static var tools: [HostTool] { get }

    /// Finds the packages that a request comes to.
    ///
    /// - Parameters:
    ///   - isOffline: Whether the indexes of last time are to be used as they are; an error where there are none.
    func resolve(_ request: PackageRequest, isOffline: Bool) async throws -> Resolution

    /// Takes the keys of repositories, without resolving anything: for packages that a lock file names.
    func trust(_ repositories: [PackageRepository], of provider: Provider, isOffline: Bool) async throws

    /// Fetches packages into a folder that holds none of them, under their file names; checks nothing, and may leave
    /// some out or leave damaged ones: the package cache looks at each. Never leaves a process behind.
    func fetch(_ packages: [Package], into folder: FilePath, workers: Int) async throws

    /// Why a file that has the right size and digest is still not to be trusted; nil where it is (deb: always).
    func complaint(about file: FilePath, package: Package) async throws -> String?
}

extension PackageSource {
    /// Nothing: deb packages are proven by the digests of signed indexes alone.
    public func trust(_ repositories: [PackageRepository], of provider: Provider, isOffline: Bool) async throws {}
}
