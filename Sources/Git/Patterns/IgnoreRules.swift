import SystemCalls
import SystemPackage

/// Answers which paths are git-ignored, as `git check-ignore --no-index` does; the files of every folder are read once.
///
/// Whether a path is tracked is not looked at: a tracked file counts as not ignored to Git, whatever the rules say.
/// Not to be used from two threads at once.
public final class IgnoreRules {
    private typealias Source = (patterns: [PathPattern], folder: Int)

    /// What is known of a folder: its files of patterns, the weakest first, or that all in it is ignored.
    private final class Folder {
        let isIgnored: Bool
        let sources: [Source]
        init(isIgnored: Bool, sources: [Source]) {
            self.isIgnored = isIgnored
            self.sources = sources
        }
    }

    private let read: (RelativePath) throws -> [UInt8]?
    private let global: [Source]
    private let caseFold: Bool
    private var rulesLeft = InputLimit.rules
    private var folders: [RelativePath: Folder] = [:]

    /// Prepares the look-up: the user's file and `info/exclude`, weakest first, and a reader of a folder's `.gitignore`.
    init(global: [[UInt8]], caseFold: Bool, read: @escaping (RelativePath) throws -> [UInt8]?) {
        self.global = global.map { (Self.patterns($0), 0) }
        self.caseFold = caseFold
        self.read = read
    }

    /// Takes patterns as they would stand in a `.gitignore` at the root, and reads no file.
    public convenience init(patterns: [String]) {
        self.init(global: [Array(patterns.joined(separator: "\n").utf8)], caseFold: false) { _ in nil }
    }

    /// Whether the rules leave a path out, itself or through a folder above it.
    public func isIgnored(_ path: RelativePath, isDirectory: Bool) throws -> Bool {
        if path.bytes.isEmpty { return false }
        let slash = path.bytes.lastIndex(of: UInt8(ascii: "/"))
        let folder = try folder(RelativePath(bytes: slash.map { Array(path.bytes[..<$0]) } ?? []))
        if folder.isIgnored { return true }
        return matches(path, name: slash.map { $0 + 1 } ?? 0, isDirectory: isDirectory, in: folder)
    }

    private func matches(_ path: RelativePath, name: Int, isDirectory: Bool, in folder: Folder) -> Bool {
        for sources in [folder.sources, global] {
            for source in sources.reversed() {
                let decisive = source.patterns.last {
                    $0.matches(
                        path.bytes, folder: source.folder, name: name, isDirectory: isDirectory, caseFold: caseFold)
                }
                if let decisive { return !decisive.isNegative }
            }
        }
        return false
    }

    private func folder(_ path: RelativePath) throws -> Folder {
        if let folder = folders[path] { return folder }
        var sources: [Source] = []
        var isIgnored = false
        if let parentPath = path.parent {
            let parent = try folder(parentPath)
            let name = parentPath.bytes.isEmpty ? 0 : parentPath.bytes.count + 1
            isIgnored = parent.isIgnored || matches(path, name: name, isDirectory: true, in: parent)
            sources = parent.sources
        }
        if !isIgnored, let bytes = try read(path) {
            let patterns = Self.patterns(bytes)
            rulesLeft -= patterns.count
            if rulesLeft < 0 { throw GitError.tooManyRules(path, ".gitignore") }
            sources.append((patterns, path.bytes.isEmpty ? 0 : path.bytes.count + 1))
        }
        let folder = Folder(isIgnored: isIgnored, sources: sources)
        folders[path] = folder
        return folder
    }

    /// The patterns of a file, without comments, empty lines and unescaped blanks at the end of a line.
    static func patterns(_ bytes: [UInt8]) -> [PathPattern] {
        var text = bytes[...]
        if text.starts(with: [0xEF, 0xBB, 0xBF]) { text = text.dropFirst(3) }
        var patterns: [PathPattern] = []
        while !text.isEmpty, patterns.count <= InputLimit.rules {
            var line = text.prefix { $0 != UInt8(ascii: "\n") }
            text = text[line.endIndex...].dropFirst()
            if line.last == UInt8(ascii: "\r") { line = line.dropLast() }
            if line.first == UInt8(ascii: "#") { continue }
            line = trimmed(line)
            if !line.isEmpty, !line.elementsEqual("/".utf8) { patterns.append(PathPattern(line)) }
        }
        return patterns
    }

    private static func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var end = line.startIndex
        var position = line.startIndex
        while position < line.endIndex {
            if line[position] == UInt8(ascii: "\\") {
                position = min(position + 2, line.endIndex)
                end = position
            } else {
                position += 1
                if line[position - 1] != UInt8(ascii: " ") { end = position }
            }
        }
        return line[..<end]
    }
}
