import Hashing
import OSTemplate
import Programs
import SystemCalls
import SystemPackage

/// Trees as one file: written the same for the same tree, and unpacked as they were.
struct TreeTar: Sendable {
    let programs: TreePrograms

    /// Packs a tree under a temporary name, and renames that.
    ///
    /// Members are sorted, owners are numbers, times are at most `RecipeVersion.sourceDate`; capabilities are kept.
    func write(_ tree: FilePath, to path: FilePath) async throws -> (digest: SHA256Digest, size: Int64) {
        let temporary = Files.temporaryPath(beside: path)
        defer { Unfinished.forget(temporary) }
        do {
            try await programs.run(
                ["tar", "-C", tree.string] + Self.format + ["-cf", temporary.string, "."], .file,
                failure: "cannot pack \(Printable.escaped(tree.string))", hint: Self.hint)
            let (digest, size) = try await digest(of: temporary)
            try Files.setPermissions(temporary, 0o600)
            try Files.rename(temporary, to: path)
            return (digest, size)
        } catch {
            try? Files.removeTree(temporary)
            throw error
        }
    }

    /// Packs the base tree; fast, since it is unpacked on this machine only.
    func writeSnapshot(_ tree: FilePath, to path: FilePath) async throws -> (digest: SHA256Digest, size: Int64) {
        let temporary = Files.temporaryPath(beside: path)
        defer { Unfinished.forget(temporary) }
        do {
            try await programs.run(
                ["tar", "-C", tree.string] + Self.format + ["-I", "gzip -1 -n", "-cf", temporary.string, "."], .file,
                failure: "cannot pack \(Printable.escaped(tree.string))", hint: Self.hint)
            let (digest, size) = try await digest(of: temporary)
            try Files.rename(temporary, to: path)
            return (digest, size)
        } catch {
            try? Files.removeTree(temporary)
            throw error
        }
    }

    /// Unpacks a file into a fresh folder.
    func unpack(_ path: FilePath, to folder: FilePath) async throws {
        try Files.createDirectories(folder, permissions: 0o755)
        try await programs.run(
            ["tar", "-C", folder.string, "--numeric-owner", "--same-owner", "-p"] + Self.attributes
                + ["-xf", path.string], .file,
            failure: "cannot unpack \(Printable.escaped(path.string))", hint: Self.hint)
    }

    /// Whether a file still is what its record says.
    func isIntact(_ path: FilePath, _ record: TreeRecord) async throws -> Bool {
        guard let status = try FileStatus.of(path), status.kind == .file, status.size == record.size else {
            return false
        }
        return try await digest(of: path).digest == record.sha256
    }

    private func digest(of path: FilePath) async throws -> (digest: SHA256Digest, size: Int64) {
        try await onOwnThread { try SHA256Digest.ofFile(path) }
    }

    /// Only what belongs to the system inside is kept: labels of this machine's own policy are not.
    private static let attributes = [
        "--xattrs", "--xattrs-include=security.capability", "--xattrs-include=user.*",
    ]
    private static let format =
        [
            "--sort=name", "--numeric-owner", "--format=posix",
            "--pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime",
            "--mtime=@\(RecipeVersion.sourceDate)", "--clamp-mtime",
        ] + attributes
    private static let hint = "make room on the file system of work_dir, or name another one with --work-dir"
}
