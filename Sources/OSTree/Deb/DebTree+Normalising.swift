import OSTemplate
import SystemCalls
import SystemPackage

extension DebTree {
    /// Files of apt and dpkg that are made again, or are of no use.
    private static let removed = [
        "/var/lib/apt/extended_states", "/var/cache/apt/pkgcache.bin", "/var/cache/apt/srcpkgcache.bin",
        "/var/cache/apt/archives/lock", "/var/lib/dpkg/lock", "/var/lib/dpkg/lock-frontend",
        "/var/lib/dpkg/triggers/Lock", "/etc/apt/apt.conf.d/99mmdebstrap", "/etc/dpkg/dpkg.cfg.d/99mmdebstrap",
    ]

    /// Takes out what apt, dpkg and debconf leave behind.
    func normalise(_ tree: InsideTree) throws {
        for path in Self.removed { try tree.remove(path) }
        try tree.empty("/var/lib/apt/lists")
        try tree.empty("/var/cache/apt/archives") { _, status in status.kind == .file }
        for path in ["/var/lib/dpkg", "/var/cache/debconf"] {
            try tree.empty(path) { name, status in status.kind == .file && name.string.hasSuffix("-old") }
        }
        try tree.edit("/var/lib/dpkg/statoverride", TreeNormalising.sortedLines)
        try tree.edit("/var/lib/dpkg/diversions", Self.sortedDiversions)
        try makeHostKeysOnBoot(tree)
    }

    /// Debian makes SSH's host keys once, when the package is configured; they were removed, so the service makes them.
    private func makeHostKeysOnBoot(_ tree: InsideTree) throws {
        let settings = "/etc/systemd/system/ssh.service.d/host-keys.conf"
        guard try tree.status("/lib/systemd/system/ssh.service") != nil, try tree.status(settings) == nil else {
            return
        }
        let text = """
            [Service]
            ExecStartPre=
            ExecStartPre=/usr/bin/ssh-keygen -A
            ExecStartPre=/usr/sbin/sshd -t

            """
        try tree.write(settings, text, permissions: 0o644)
    }

    /// The list of diversions, of three lines each, sorted.
    static func sortedDiversions(_ text: String) -> String {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        guard lines.count.isMultiple(of: 3), text.hasSuffix("\n") else { return text }
        let entries = stride(from: 0, to: lines.count, by: 3).map {
            lines[$0..<$0 + 3].joined(separator: "\n") + "\n"
        }
        return entries.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.joined()
    }

    /// Writes `/etc/apt/sources.list`, and the keys and priorities that it needs.
    func writeRepositories(_ repositories: [PackageRepository], into tree: InsideTree) throws {
        var sources = ""
        var pins = ""
        for (index, repository) in repositories.enumerated() {
            var option = ""
            switch repository.trust {
            case .unchecked: option = "[trusted=yes] "
            case .keyring(let path):
                // A keyring that a package of the tree brings is where its own updates go.
                var inside = path.string
                if try tree.status(inside) == nil {
                    inside = "/etc/apt/keyrings/repository-\(index).\(path.extension == "asc" ? "asc" : "gpg")"
                    let key = try Files.readPlain(try Files.realPath(path), limit: 16 << 20) ?? []
                    try tree.write(inside, bytes: key, permissions: 0o644)
                }
                option = "[signed-by=\(inside)] "
            case .url: break
            }
            let components = repository.components.isEmpty ? "" : " " + repository.components.joined(separator: " ")
            sources += "deb \(option)\(repository.url) \(repository.codename)\(components)\n"
            if let priority = repository.priority {
                pins += "Package: *\nPin: release n=\(repository.codename)\nPin-Priority: \(priority)\n\n"
            }
        }
        guard !repositories.isEmpty, try tree.status("/etc/apt") != nil else { return }
        try tree.write("/etc/apt/sources.list", sources, permissions: 0o644)
        if !pins.isEmpty { try tree.write("/etc/apt/preferences.d/repositories.pref", pins, permissions: 0o644) }
    }
}
