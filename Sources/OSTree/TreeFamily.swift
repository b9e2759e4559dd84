import OSPackages
import OSTemplate
import SystemPackage

/// How trees are made of one family's packages.
protocol TreeFamily: Sendable {
    /// The host programs that it calls.
    static var tools: [HostTool] { get }

    /// Makes the base tree in a folder that is not there yet.
    func makeBase(_ packages: [Package], at folder: FilePath) async throws
    /// Installs further packages, all that they need among them or in the tree.
    func install(_ packages: [Package], into tree: InsideTree) async throws
    /// Takes out what differs from build to build beyond `TreeNormalising`.
    func normalise(_ tree: InsideTree) throws
    /// Writes where the system inside gets its packages from.
    func writeRepositories(_ repositories: [PackageRepository], into tree: InsideTree) throws
}

/// What a family needs to know of the order.
struct TreeSite: Sendable {
    let template: OSTemplate
    let packageCache: FilePath
    let scratch: FilePath
    let programs: TreePrograms
}
