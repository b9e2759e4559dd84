import Git
import Programs
import SystemCalls
import SystemPackage

/// The root `.gitattributes`, as far as lines are added to it; everything else in it stays as it is.
public struct AttributesFile: Sendable {
    /// The file's bytes.
    public private(set) var bytes: [UInt8]
    private let original: [UInt8]
    private let path: FilePath
    private let newLineEnd: String

    /// The file's path below the work tree.
    public static let name: RelativePath = ".gitattributes"

    /// Reads the file of a folder, the root of the work tree as a rule; a missing file is empty.
    ///
    /// Where Git leaves the file out of the work tree (skip-worktree), the index's version is it, as for Git itself. A
    /// file that a merge left unresolved is an error: lines must not be added among its conflict markers. A link is an error, as Git does not follow it: what it leads to is no attribute, and must not be staged.
    ///
    /// - Parameters:
    ///   - repository: The repository.
    ///   - folder: The folder.
    ///   - lineEnd: The line end for a file that has none yet.
    ///   - read: Gives the bytes of a regular file, nil where there is none.
    public init(
        of repository: Repository, in folder: FilePath, lineEnd: String = "\n",
        read: (FilePath) throws(SystemError) -> [UInt8]? = { path throws(SystemError) in try Files.readPlain(path) }
    ) throws {
        newLineEnd = lineEnd
        path = folder.appending(Self.name)
        let entries = try Self.entries(of: path, in: repository)
        if entries.contains(where: { $0.stage != 0 }) {
            throw GitError(
                .failed, "change", Self.name.description, "a merge left it unresolved",
                hint: "resolve it, then \(StartFolder.command("git", in: folder)) add -- \(Self.name)")
        }
        bytes = try read(path) ?? Self.leftOut(entries, in: repository) ?? []
        original = bytes
    }

    private static func entries(of path: FilePath, in repository: Repository) throws -> [IndexEntry] {
        guard let tracked = repository.relativePath(of: path) else { return [] }
        return (try? repository.index())?.stages(of: tracked) ?? []
    }

    /// The index's version of a file that Git leaves out of the work tree; nil where it does not.
    private static func leftOut(_ entries: [IndexEntry], in repository: Repository) throws -> [UInt8]? {
        guard let entry = entries.first, entry.isFile, entry.flags.contains(.skipWorktree) else { return nil }
        guard let bytes = try repository.blob(entry.id, limit: 64 << 20) else {
            throw GitError(
                .notStaged, "change", entry.path.description, "it is not checked out, and its content is not here",
                hint: "\(StartFolder.command("git", in: repository.workTree)) cat-file -p \(entry.id)")
        }
        return bytes
    }

    /// Whether lines were added or changed since the file was read.
    public var isChanged: Bool { bytes != original }

    /// The lines without their ends, byte for byte.
    private var lines: [[UInt8]] {
        bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line in
            Array(line.last == UInt8(ascii: "\r") ? line.dropLast() : line)
        }
    }

    /// Whether the file has a line.
    public func has(_ line: [UInt8]) -> Bool { lines.contains(line) }

    /// The file's own line end: CR LF where its first line has it.
    private var lineEnd: [UInt8] {
        guard let first = bytes.firstIndex(of: UInt8(ascii: "\n")), first > 0 else { return Array(newLineEnd.utf8) }
        return Array((bytes[first - 1] == UInt8(ascii: "\r") ? "\r\n" : "\n").utf8)
    }

    /// Adds a line at the end unless the file has it; whether it was added.
    @discardableResult
    public mutating func add(_ line: some Collection<UInt8>) -> Bool {
        let line = Array(line)
        if has(line) { return false }
        let end = lineEnd
        if let last = bytes.last, last != UInt8(ascii: "\n") { bytes += end }
        bytes += line + end
        return true
    }

    /// Puts a line in the place of the last line that the predicate picks, or at the end.
    public mutating func replace(where isOld: (String) -> Bool, with line: String) {
        var lines = lines
        guard let position = lines.lastIndex(where: { isOld(String(decoding: $0, as: UTF8.self)) }) else {
            add(line.utf8)
            return
        }
        lines[position] = Array(line.utf8)
        bytes = Array(lines.joined(separator: lineEnd))
    }

    /// Removes the lines that the predicate picks; whether there were any.
    @discardableResult
    public mutating func remove(where isUnwanted: (String) -> Bool) -> Bool {
        removeLines { isUnwanted(String(decoding: $0, as: UTF8.self)) }
    }

    /// The same for a predicate that looks at bytes.
    @discardableResult
    public mutating func removeLines(_ isUnwanted: (ArraySlice<UInt8>) -> Bool) -> Bool {
        var kept: [UInt8] = []
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            if isUnwanted(line.last == UInt8(ascii: "\r") ? line.dropLast() : line) { continue }
            kept += line + [UInt8(ascii: "\n")]
        }
        // The split leaves one empty piece after the last line end.
        kept.removeLast(min(kept.count, 1))
        defer { bytes = kept }
        return kept.count != bytes.count
    }

    /// Writes the file back if it was changed.
    public func write() throws {
        if isChanged { try Files.replace(path, with: bytes) }
    }
}
