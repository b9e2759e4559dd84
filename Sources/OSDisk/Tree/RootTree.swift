import Glibc
import OSTemplate
import SystemCalls
import SystemPackage

/// The root file system, unpacked in the scratch folder: names in it are a package's, and no link of it is followed.
struct RootTree: Sendable {
    /// Its root folder.
    let folder: FilePath

    /// Unpacks a tar into a fresh folder; owners, devices, capabilities and times are those of the tar.
    static func unpack(_ tar: FilePath, into name: String, with tools: DiskTools) async throws -> RootTree {
        let folder = tools.folder.appending(name)
        try Files.createDirectories(folder, permissions: 0o755)
        // A tar without its root folder.
        try setTime(folder)
        try await tools.run(
            "tar",
            [
                "--extract", "--file", tar.string, "--force-local", "--directory", name, "--preserve-permissions",
                "--same-owner", "--numeric-owner", "--xattrs", "--xattrs-include=*", "--delay-directory-restore",
            ], for: "rootfs")
        return RootTree(folder: folder)
    }

    /// The path of something in the tree; nil where it is not there, or where a link leads to it.
    func path(_ inside: FilePath, kind: FileStatus.Kind) throws -> FilePath? {
        var path = folder
        let components = Array(inside.components)
        for (index, component) in components.enumerated() {
            guard component.kind == .regular else { return nil }
            path.append(component)
            let wanted = index + 1 == components.count ? kind : .directory
            guard try FileStatus.of(path)?.kind == wanted else { return nil }
        }
        return path
    }

    /// The folder at a path inside; it is made where it is missing.
    func makeFolder(_ inside: FilePath) throws -> FilePath {
        var path = folder
        for component in inside.components {
            let parent = path
            path.append(component)
            if let status = try FileStatus.of(path) {
                if status.kind == .directory { continue }
                let shown = Printable.escaped(path.seen(from: folder))
                throw DiskError(
                    .content,
                    "cannot divide the root file system: /\(shown) is no folder, and something is mounted there",
                    hint: "name a folder itself as mountPoint, not a link to it")
            }
            try RootTree.keepingTime(of: parent) {
                try Files.createDirectories(path, permissions: 0o755)
                try Files.setPermissions(path, 0o755)
            }
            try RootTree.setTime(path)
        }
        return path
    }

    /// Takes the content of a folder out of the tree; an empty one with the same attributes stays in its place.
    func takeOut(_ inside: FilePath, to place: FilePath) throws {
        let source = try makeFolder(inside)
        guard let status = try FileStatus.of(source) else { return }
        try RootTree.keepingTime(of: source.removingLastComponent()) {
            try Files.rename(source, to: place)
            try Files.createDirectories(source, permissions: 0o700)
            try checked("change the owner of", source.string) {
                source.withPlatformString { lchown($0, status.owner, status.group) }
            }
            try Files.setPermissions(source, status.permissions)
        }
        try RootTree.setTime(source, status.modified)
    }

    /// Writes a file of root into the tree, in place of whatever has its name.
    func write(_ inside: FilePath, _ text: String) throws {
        let parent = try makeFolder(inside.removingLastComponent())
        guard let name = inside.lastComponent else { return }
        let path = parent.appending(name)
        try RootTree.keepingTime(of: parent) {
            try Files.removeTree(path)
            let file = try Files.create(path, permissions: 0o644)
            defer { try? file.close() }
            try Files.write(Array(text.utf8), to: file, named: path.string)
        }
        try Files.setPermissions(path, 0o644)
        try RootTree.setTime(path)
    }

    /// The first bytes of a regular file in the tree; nil where there is none.
    func read(_ inside: FilePath, limit: Int = 64 << 10) throws -> [UInt8]? {
        guard let path = try path(inside, kind: .file) else { return nil }
        return try Files.read(path, limit: limit)
    }

    /// Sets the modification and access time of a file, links not followed.
    static func setTime(
        _ path: FilePath, _ time: FileStatus.Time = .init(seconds: RecipeVersion.sourceDate, nanoseconds: 0)
    ) throws {
        let stamp = timespec(tv_sec: Int(time.seconds), tv_nsec: Int(time.nanoseconds))
        try checked("set the time of", path.string) {
            path.withPlatformString { utimensat(AT_FDCWD, $0, [stamp, stamp], AT_SYMLINK_NOFOLLOW) }
        }
    }

    /// Changes names in a folder, whose own time stays.
    private static func keepingTime(of folder: FilePath, _ body: () throws -> Void) throws {
        let status = try FileStatus.of(folder)
        try body()
        if let status { try setTime(folder, status.modified) }
    }
}
