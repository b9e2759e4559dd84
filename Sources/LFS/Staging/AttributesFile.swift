import Git
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
    /// A link is an error, as Git does not follow it: what it leads to is no attribute, and must not be staged.
    ///
    /// - Parameters:
    ///   - folder: The folder.
    ///   - lineEnd: The line end for a file that has none yet.
    ///   - read: Gives the bytes of a regular file, nil where there is none.
    public init(
        in folder: FilePath, lineEnd: String = "\n",
        read: (FilePath) throws(SystemError) -> [UInt8]? = { path throws(SystemError) in try Files.readPlain(path) }
    ) throws {
        newLineEnd = lineEnd
        path = folder.appending(Self.name)
        bytes = try read(path) ?? []
        original = bytes
    }

    /// Whether lines were added or changed since the file was read.
    public var isChanged: Bool { bytes != original }

    /// The lines without their ends.
    public var lines: [String] {
        bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line in
            String(decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line, as: UTF8.self)
        }
    }

    /// The file's own line end: CR LF where its first line has it.
    private var lineEnd: [UInt8] {
        guard let first = bytes.firstIndex(of: UInt8(ascii: "\n")), first > 0 else { return Array(newLineEnd.utf8) }
        return Array((bytes[first - 1] == UInt8(ascii: "\r") ? "\r\n" : "\n").utf8)
    }

    /// Adds a line at the end unless the file has it; whether it was added.
    @discardableResult
    public mutating func add(_ line: String) -> Bool {
        if lines.contains(line) { return false }
        let end = lineEnd
        if let last = bytes.last, last != UInt8(ascii: "\n") { bytes += end }
        bytes += Array(line.utf8) + end
        return true
    }

    /// Puts a line in the place of the last line that the predicate picks, or at the end.
    public mutating func replace(where isOld: (String) -> Bool, with line: String) {
        var lines = lines
        guard let position = lines.lastIndex(where: isOld) else {
            add(line)
            return
        }
        lines[position] = line
        bytes = Array(lines.joined(separator: String(decoding: lineEnd, as: UTF8.self)).utf8)
    }

    /// Removes the lines that the predicate picks; whether there were any.
    @discardableResult
    public mutating func remove(where isUnwanted: (String) -> Bool) -> Bool {
        var kept: [UInt8] = []
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            let text = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
            if isUnwanted(String(decoding: text, as: UTF8.self)) { continue }
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
