import Hashing
import OSPackages
import SystemCalls
import SystemPackage
import TestSupport

@testable import OSTemplate
@testable import OSTree

/// Templates, packages and a family whose packages are one file each.
enum TreeSamples {
    static let provider = Provider(os: "debian", dist: "bookworm", arch: "amd64", family: .deb)

    static func template(_ system: SystemConfig = SystemConfig()) -> OSTemplate {
        OSTemplate(
            path: "/template.yml", name: "edge", version: "1", provider: provider, imageType: .raw, repositories: [],
            basePackages: ["?essential"], system: system, disk: DiskConfig(), localFiles: [], canonical: .null)
    }

    static func package(_ name: String, _ version: String = "1") -> Package {
        Package(
            name: name, version: version, architecture: "all", fileName: "\(name)_\(version)_all.deb", url: "",
            size: 1, sha256: SHA256Digest(of: Array((name + version).utf8)))
    }

    static func resolution(_ base: [String], _ extras: [String], signers: [String] = ["A1"]) -> Resolution {
        Resolution(
            base: base.map { package($0) }, extras: extras.map { package($0) },
            indexes: [.init(url: "http://example.org", sha256: .zero, signers: signers)])
    }

    /// Each package is a file of its name; `user-…` adds an account as well, `broken` cannot be installed.
    struct Family: TreeFamily {
        static let tools: [HostTool] = []

        func makeBase(_ packages: [Package], at folder: FilePath) async throws {
            try Files.createDirectories(folder, permissions: 0o755)
            let tree = InsideTree(root: try Files.realPath(folder))
            try tree.write("/etc/passwd", "root:x:0:0:root:/root:/bin/sh\n", permissions: 0o644)
            try tree.write("/etc/group", "root:x:0:\nadm:x:4:\n", permissions: 0o644)
            try tree.write("/etc/shadow", "root:*:20000:0:99999:7:::\n", permissions: 0o640, group: 42)
            try tree.write("/var/log/build.log", "\(TreeRecord.now)", permissions: 0o644)
            try await install(packages, into: tree)
        }

        func install(_ packages: [Package], into tree: InsideTree) async throws {
            for package in packages {
                if package.name == "broken" { throw TreeError(.package, "cannot install the packages: broken") }
                try tree.write("/usr/share/\(package.name)", package.version, permissions: 0o644)
                guard package.name.hasPrefix("user-") else { continue }
                try tree.edit("/etc/passwd") { $0 + "\(package.name):x:\($0.count):1::/:/bin/sh\n" }
            }
        }

        func normalise(_ tree: InsideTree) throws {}
        func writeRepositories(_ repositories: [PackageRepository], into tree: InsideTree) throws {}
    }
}

extension Sandbox {
    /// Builds a tree of stand-in packages below `work`.
    func tree(
        _ base: [String], _ extras: [String], _ system: SystemConfig = SystemConfig(), usesEarlierTrees: Bool = true,
        in work: String = "work"
    ) async throws -> TreeResult {
        var order = TreeOrder(
            template: TreeSamples.template(system), resolution: TreeSamples.resolution(base, extras),
            packageCache: root, workFolder: path(work), environment: environment)
        order.usesEarlierTrees = usesEarlierTrees
        return try await TreeBuilder(order) { _ in TreeSamples.Family() }.build()
    }
}
