import SystemCalls
import SystemPackage

/// Answers which paths are git-ignored, as `git check-ignore --no-index` does; the files of every folder are read once.
///
/// Whether a path is tracked is not looked at: a tracked file counts as not ignored to Git, whatever the rules say.
/// Not to be used from two threads at once.
public final class IgnoreRules {
    private typealias Source = (name: String, patterns: [PathPattern], folder: Int)

    /// What is known of a folder: its files of patterns, the weakest first, or that all in it is ignored.
    private final class Folder {
        /// The line that leaves all of it out.
        let ignoring: RuleLine?
        let sources: [Source]
        var isIgnored: Bool { ignoring != nil }
        init(ignoring: RuleLine?, sources: [Source]) {
            self.ignoring = ignoring
            self.sources = sources
        }
    }

    private let read: (RelativePath) throws -> RuleFile?
    private let global: [Source]
    private let caseFold: Bool
    private var rulesLeft = InputLimit.rules
    private var folders: [RelativePath: Folder] = [:]

    /// Prepares the look-up: the user's file and `info/exclude`, weakest first, and a reader of a folder's `.gitignore`.
    init(global: [RuleFile], caseFold: Bool, read: @escaping (RelativePath) throws -> RuleFile?) {
        self.global = global.map { ($0.name, Self.patterns($0.bytes), 0) }
        self.caseFold = caseFold
        self.read = read
    }

    /// Takes patterns as they would stand in a `.gitignore` at the root, and reads no file.
    public convenience init(patterns: [String]) {
        let bytes = patterns.joined(separator: "\n").keptBytes
        self.init(global: [RuleFile(name: "", bytes: bytes)], caseFold: false) { _ in nil }
    }

    /// Whether the rules leave a path out, itself or through a folder above it.
    public func isIgnored(_ path: RelativePath, isDirectory: Bool) throws -> Bool {
        if path.bytes.isEmpty { return false }
        let slash = path.bytes.lastIndex(of: UInt8(ascii: "/"))
        let folder = try folder(RelativePath(bytes: slash.map { Array(path.bytes[..<$0]) } ?? []))
        if folder.isIgnored { return true }
        let decisive = decisive(path, name: slash.map { $0 + 1 } ?? 0, isDirectory: isDirectory, in: folder)
        return decisive.map { !$0.pattern.isNegative } ?? false
    }

    /// The line that leaves a path out, itself or through a folder above it; nil where none does.
    public func rule(ignoring path: RelativePath, isDirectory: Bool) throws -> RuleLine? {
        guard let parent = path.parent else { return nil }
        let folder = try folder(parent)
        if let rule = folder.ignoring { return rule }
        let name = parent.bytes.isEmpty ? 0 : parent.bytes.count + 1
        return decisive(path, name: name, isDirectory: isDirectory, in: folder).flatMap(Self.ignoring)
    }

    private static func ignoring(_ decisive: (file: String, pattern: PathPattern)) -> RuleLine? {
        decisive.pattern.isNegative ? nil : RuleLine(file: decisive.file, decisive.pattern)
    }

    /// The last pattern that matches, in the strongest file that has one.
    private func decisive(
        _ path: RelativePath, name: Int, isDirectory: Bool, in folder: Folder
    ) -> (file: String, pattern: PathPattern)? {
        for sources in [folder.sources, global] {
            for source in sources.reversed() {
                let decisive = source.patterns.last {
                    $0.matches(
                        path.bytes, folder: source.folder, name: name, isDirectory: isDirectory, caseFold: caseFold)
                }
                if let decisive { return (source.name, decisive) }
            }
        }
        return nil
    }

    private func folder(_ path: RelativePath) throws -> Folder {
        if let folder = folders[path] { return folder }
        var sources: [Source] = []
        var ignoring: RuleLine?
        if let parentPath = path.parent {
            let parent = try folder(parentPath)
            let name = parentPath.bytes.isEmpty ? 0 : parentPath.bytes.count + 1
            ignoring =
                parent.ignoring
                ?? decisive(path, name: name, isDirectory: true, in: parent).flatMap(Self.ignoring)
            sources = parent.sources
        }
        if ignoring == nil, let file = try read(path) {
            let patterns = Self.patterns(file.bytes)
            rulesLeft -= patterns.count
            if rulesLeft < 0 { throw GitError.tooManyRules(path, ".gitignore") }
            sources.append((file.name, patterns, path.bytes.isEmpty ? 0 : path.bytes.count + 1))
        }
        let folder = Folder(ignoring: ignoring, sources: sources)
        folders[path] = folder
        return folder
    }

    /// The patterns of a file, without comments, empty lines and unescaped blanks at the end of a line.
    static func patterns(_ bytes: [UInt8]) -> [PathPattern] {
        var text = bytes[...]
        if text.starts(with: [0xEF, 0xBB, 0xBF]) { text = text.dropFirst(3) }
        var patterns: [PathPattern] = []
        var number = 0
        while !text.isEmpty, patterns.count <= InputLimit.rules {
            var line = text.prefix { $0 != UInt8(ascii: "\n") }
            text = text[line.endIndex...].dropFirst()
            number += 1
            if line.last == UInt8(ascii: "\r") { line = line.dropLast() }
            if line.first == UInt8(ascii: "#") { continue }
            line = trimmed(line)
            if !line.isEmpty, !line.elementsEqual("/".utf8) { patterns.append(PathPattern(line, line: number)) }
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
