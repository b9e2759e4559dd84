import Git
import LFS
import SystemCalls
import SystemPackage

/// The files with the attribute `lockable`: read-only unless this clone holds their lock.
struct LockableFiles {
    private let repository: Repository

    /// Looks at a repository's work tree; nil where `lfs.setlockablereadonly` or the environment forbids to change modes.
    init?(_ repository: Repository) throws {
        let word = repository.environment["GIT_LFS_SET_LOCKABLE_READONLY"]?.lowercased() ?? ""
        guard !["0", "false", "no", "off"].contains(word),
            try LFSConfiguration.load(repository).bool("lfs.setlockablereadonly") ?? true
        else { return nil }
        self.repository = repository
    }

    /// Gives all tracked ones the modes that they should have.
    func setModes() throws {
        guard let workTree = repository.workTree else { return }
        let index = try repository.index()
        let attributes = try repository.attributes(["lockable"], index: index)
        let notes = LockNotes(try ObjectStore(repository))
        for entry in index.entries where entry.isFile && entry.stage < 2 && !entry.flags.contains(.skipWorktree) {
            guard try attributes.value(of: "lockable", for: entry.path) == .set else { continue }
            try Self.set(workTree.appending(entry.path), isWritable: notes.holds(entry.path))
        }
    }

    /// Makes one file read-only again, where it is lockable.
    func close(_ path: RelativePath) throws {
        guard let workTree = repository.workTree,
            try repository.attributes(["lockable"]).value(of: "lockable", for: path) == .set
        else { return }
        try Self.set(workTree.appending(path), isWritable: false)
    }

    /// Makes a file writable for its owner, or read-only for all; anything but a file is left alone.
    static func set(_ file: FilePath, isWritable: Bool) throws {
        guard let status = try FileStatus.of(file), status.kind == .file else { return }
        let bits = isWritable ? status.permissions | 0o200 : status.permissions & ~0o222
        if bits != status.permissions { try Files.setPermissions(file, bits) }
    }
}
