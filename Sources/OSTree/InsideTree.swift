import Glibc
import SystemCalls
import SystemPackage

/// Files of a tree, found as programs inside it find them: `/` is the tree, and no link leads out of it.
///
/// Nothing runs in the tree meanwhile, so what was looked at stays as it is.
struct InsideTree: Sendable {
    /// The tree's folder, itself without links.
    let root: FilePath

    /// The place of a path with all links of its folders resolved inside; the last part is taken as it is.
    ///
    /// - Throws: `TreeError` where links go round in circles, `SystemError`.
    func place(_ path: String) throws -> FilePath {
        var rest = Array(FilePath(path).lexicallyNormalized().components.reversed())
        guard let last = rest.first, last.kind == .regular else { return root }
        rest.removeFirst()
        var found: [FilePath.Component] = []
        var links = 0
        while let component = rest.popLast() {
            switch component.kind {
            case .currentDirectory: continue
            case .parentDirectory: _ = found.popLast()
            case .regular:
                let place = FilePath(root: root.root, root.components + found).appending(component)
                guard try FileStatus.of(place)?.kind == .symbolicLink else {
                    found.append(component)
                    continue
                }
                links += 1
                if links > 40 {
                    throw TreeError(
                        .configuration, "cannot find \(Printable.escaped(path)) in the tree: its links form a circle",
                        hint: "name another path")
                }
                let target = FilePath(bytes: try Files.linkText(place))
                if target.isAbsolute { found = [] }
                rest += target.components.reversed()
            }
        }
        return FilePath(root: root.root, root.components + found).appending(last)
    }

    /// What is at a path, the last part not followed; nil where nothing is.
    func status(_ path: String) throws -> FileStatus? { try FileStatus.of(place(path)) }

    /// Reads a small regular file; nil where there is none.
    func read(_ path: String) throws -> String? {
        try Files.readPlain(place(path), limit: 16 << 20).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Writes a file in place of what is there, a link too; its owner is root unless said.
    func write(_ path: String, _ text: String, permissions: UInt32, owner: UInt32 = 0, group: UInt32 = 0) throws {
        try write(path, bytes: Array(text.utf8), permissions: permissions, owner: owner, group: group)
    }

    /// Writes bytes in place of what is there.
    func write(_ path: String, bytes: [UInt8], permissions: UInt32, owner: UInt32 = 0, group: UInt32 = 0) throws {
        try folder(above: path)
        let place = try place(path)
        try Files.replace(place, with: bytes, permissions: 0o600)
        try own(place, owner, group)
        try Files.setPermissions(place, permissions)
    }

    /// Changes a file's text and keeps its mode, owner and group; what is not there stays away.
    func edit(_ path: String, _ change: (String) -> String) throws {
        guard let status = try status(path), status.kind == .file, let text = try read(path) else { return }
        let changed = change(text)
        if changed == text { return }
        try write(path, changed, permissions: status.permissions, owner: status.owner, group: status.group)
    }

    /// Gives a file to somebody, links not followed.
    func own(_ place: FilePath, _ owner: UInt32, _ group: UInt32) throws {
        try checked("change the owner of", place.string) {
            place.withPlatformString { lchown($0, owner, group) }
        }
    }

    /// Makes the folders above a path that are missing, for root and 0755.
    func folder(above path: String) throws {
        let parts = FilePath(path).lexicallyNormalized().components.dropLast()
        var so = ""
        for part in parts {
            so += "/" + part.string
            try folder(so)
        }
    }

    /// Makes a folder whose parent is there, 0755; a folder, or a link to one, that is there stays.
    func folder(_ path: String, owner: UInt32 = 0, group: UInt32 = 0) throws {
        if try status(path)?.kind == .directory { return }
        // A link's target is that of a path that ends in `.` below it.
        let behind = try place(path + "/x").removingLastComponent()
        if try FileStatus.of(behind)?.kind == .directory { return }
        guard try FileStatus.of(behind) == nil else {
            throw TreeError(
                .configuration, "cannot make the folder \(Printable.escaped(path)) in the tree: a file is there",
                hint: "name another path")
        }
        try Files.createDirectories(behind, permissions: 0o755)
        try Files.setPermissions(behind, 0o755)
        try own(behind, owner, group)
    }

    /// Removes what is at a path, a folder with all below it; what is not there is no error.
    func remove(_ path: String) throws {
        let place = try place(path)
        if place != root { try Files.removeTree(place) }
    }

    /// Removes all that is in a folder; the folder itself may be a link inside the tree.
    func empty(_ path: String, where isRemoved: (FilePath.Component, FileStatus) -> Bool = { _, _ in true }) throws {
        let folder = try place(path + "/x").removingLastComponent()
        guard try FileStatus.of(folder)?.kind == .directory else { return }
        for name in try Files.names(in: folder) {
            let inner = folder.appending(name)
            if let status = try FileStatus.of(inner), isRemoved(name, status) { try Files.removeTree(inner) }
        }
    }
}
