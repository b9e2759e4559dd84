import JSON
import OSPackages
import OSTemplate
import SystemCalls
import SystemPackage

/// Trees of the rpm family.
public enum RPMTree {
    /// The host programs that are called.
    public static let tools = [
        HostTool("dnf", package: "dnf"), HostTool("rpm", package: "rpm"), HostTool("rpmdb", package: "rpm"),
        HostTool("unshare", package: "util-linux"), HostTool("mount", package: "mount"),
    ]

    /// Installs packages from the package cache into a tree, empty or with packages in it, in one transaction of rpm.
    ///
    /// No network is there meanwhile; mounts and processes end with it, however it ends. The package database is then
    /// written anew: its bytes depend on the set of packages alone, not on how and when they came into the tree.
    ///
    /// - Parameters:
    ///   - cache: The folder that holds the packages' files, which were checked.
    ///   - root: The tree's folder; root's, as the files in it are.
    /// - Throws: `PackageError`; the tree is then not to be used.
    public static func install(
        _ packages: [Package], from cache: FilePath, into root: FilePath, environment: [String: String],
        log: @escaping @Sendable (String) -> Void
    ) async throws {
        if packages.isEmpty { return }
        let names = packages.map(\.fileName).sorted()
        for name in names where FilePath.Component(name)?.kind != .regular || FilePath.Component(name)?.string != name {
            throw PackageError(
                .untrusted, "cannot install \(Printable.escaped(name)): it is no name of a file", hint: nil)
        }
        let (tree, folder): (FilePath, FilePath)
        do {
            (tree, folder) = (try Files.realPath(root), try Files.realPath(cache))
        } catch {
            throw PackageError(.file, Printable.escaped("\(error)"), hint: nil)
        }
        let order: JSONValue = [
            "root": .string(tree.string), "files": .strings(names.map { folder.appending($0).string }),
        ]
        let programs = RPMPrograms(environment: environment, home: "/nonexistent")
        let result = try await programs.script(
            script, order: order, in: tree.removingLastComponent(), view: [.noNetwork, .ownMounts]
        ) { if !isChatter($0) { log($0) } }
        if result.isSuccess { return }
        let lines = result.errorText.split(separator: "\n").map { Printable.escaped(String($0)) }
            .filter { !isChatter($0) }
        let from = lines.firstIndex { $0.hasPrefix("error: ") } ?? max(0, lines.count - 1)
        let reason = lines[from...].prefix(2).map { line in
            let text = line.drop { $0 == " " || $0 == "\t" }
            return String(text.hasPrefix("error: ") ? text.dropFirst(7) : text)
        }
        throw PackageError(
            .tool,
            "cannot install packages into \(Printable.escaped(root.string)): "
                + (reason.isEmpty ? "rpm ended with \(result.status)" : reason.joined(separator: " ")),
            hint: "see all that rpm said with --verbose")
    }

    /// What Debian's rpm says to people each time.
    private static func isChatter(_ line: String) -> Bool {
        line.hasPrefix("rpm: RPM should not be used") || line.hasPrefix("rpm: However assuming you know")
    }
}
