import SystemCalls
import SystemPackage

/// What is taken out of every tree, since it differs from build to build or is made again where the system runs.
enum TreeNormalising {
    /// Folders that are emptied.
    static let emptied = ["/run", "/tmp", "/var/tmp", "/dev", "/var/cache/man"]
    /// Files that are removed.
    static let removed = [
        "/var/lib/dbus/machine-id", "/var/cache/ldconfig/aux-cache", "/var/lib/systemd/random-seed",
        "/var/lib/urandom/random-seed", "/etc/.pwd.lock", "/etc/passwd-", "/etc/group-", "/etc/shadow-",
        "/etc/gshadow-", "/etc/subuid-", "/etc/subgid-", "/etc/.updated", "/var/.updated",
    ]
    /// Files whose lines are in the order in which packages were configured, and mean the same in any other.
    static let sorted = ["/etc/shadow", "/etc/gshadow", "/var/lib/ucf/hashfile", "/var/lib/ucf/registry"]

    /// Normalises a tree.
    static func apply(to tree: InsideTree) throws {
        for path in emptied { try tree.empty(path) }
        for path in removed { try tree.remove(path) }
        // Host keys are made on the first boot, as the machine's number is.
        try tree.empty("/etc/ssh") { name, _ in name.string.hasPrefix("ssh_host_") && name.string.contains("_key") }
        try tree.empty("/var/lib/ucf") { name, _ in isOldCopy(name.string) }
        try emptyLogs(tree, "/var/log", depth: 0)
        if try tree.status("/etc") != nil { try tree.write("/etc/machine-id", "", permissions: 0o444) }
        for path in sorted { try tree.edit(path, sortedLines) }
    }

    /// Files of logs go; their folders stay, since services do not make them.
    private static func emptyLogs(_ tree: InsideTree, _ path: String, depth: Int) throws {
        try tree.empty(path) { _, status in status.kind != .directory }
        let folder = try tree.place(path + "/x").removingLastComponent()
        guard depth < 50, try FileStatus.of(folder)?.kind == .directory else { return }
        for name in try Files.names(in: folder) { try emptyLogs(tree, path + "/" + name.string, depth: depth + 1) }
    }

    private static func isOldCopy(_ name: String) -> Bool {
        let parts = name.split(separator: ".")
        return parts.count == 2 && ["hashfile", "registry"].contains(parts[0]) && parts[1].allSatisfy(\.isNumber)
    }

    /// A text with its lines sorted by their bytes.
    static func sortedLines(_ text: String) -> String {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let hasEnd = lines.last == ""
        if hasEnd { lines.removeLast() }
        lines.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        return lines.joined(separator: "\n") + (hasEnd ? "\n" : "")
    }
}
