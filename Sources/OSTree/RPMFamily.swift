import OSPackages
import OSTemplate
import SystemCalls
import SystemPackage

/// Trees of rpm packages, the base tree included: rpm installs both.
struct RPMFamily: TreeFamily {
    let site: TreeSite

    static let tools = RPMTree.tools

    func makeBase(_ packages: [Package], at folder: FilePath) async throws {
        try Files.createDirectories(folder, permissions: 0o755)
        try await install(packages, into: InsideTree(root: Files.realPath(folder)))
    }

    func install(_ packages: [Package], into tree: InsideTree) async throws {
        try await RPMTree.install(
            packages, from: site.packageCache, into: tree.root, environment: site.programs.environment,
            log: site.programs.log)
    }

    func normalise(_ tree: InsideTree) throws { try RPMTree.normalise(root: tree.root) }

    /// Writes `/etc/yum.repos.d/NAME.repo`, with the keys that were given as files.
    func writeRepositories(_ repositories: [PackageRepository], into tree: InsideTree) throws {
        for (index, repository) in repositories.enumerated() {
            let name = String(repository.codename.map { $0.isLetter || $0.isNumber || $0 == "-" ? $0 : "_" })
            var lines = ["[\(name)]", "name=\(repository.codename)", "baseurl=\(repository.url)", "enabled=1"]
            switch repository.trust {
            case .unchecked: lines.append("gpgcheck=0")
            case .url(let url): lines += ["gpgcheck=1", "gpgkey=\(url)"]
            case .keyring(let path):
                let inside = "/etc/pki/rpm-gpg/repository-\(index)"
                let key = try Files.readPlain(try Files.realPath(path), limit: 16 << 20) ?? []
                try tree.write(inside, bytes: key, permissions: 0o644)
                lines += ["gpgcheck=1", "gpgkey=file://\(inside)"]
            }
            if let priority = repository.priority { lines.append("priority=\(priority)") }
            try tree.write("/etc/yum.repos.d/\(name).repo", lines.joined(separator: "\n") + "\n", permissions: 0o644)
        }
    }
}
