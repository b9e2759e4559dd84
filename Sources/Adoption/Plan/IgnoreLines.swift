import Git
import Patterns
import SystemCalls
import SystemPackage

/// A file of patterns that gets lines at its end; what stands in it stays.
struct LinesFile {
    let path: RelativePath
    let place: FilePath
    let before: [UInt8]?
    private(set) var after: [UInt8]?

    /// Reads the file; a link or folder in its place is an error.
    init(_ path: RelativePath, at place: FilePath) throws(SystemError) {
        self.path = path
        self.place = place
        before = try Files.readPlain(place, limit: InputLimit.rulesFile)
        after = before
    }

    /// Adds lines that the file lacks, below a comment.
    mutating func add(_ lines: [String], because comment: String) {
        var bytes = after ?? []
        let isWindows =
            bytes.firstIndex(of: UInt8(ascii: "\n")).map { $0 > 0 && bytes[$0 - 1] == UInt8(ascii: "\r") } ?? false
        let end = Array((isWindows ? "\r\n" : "\n").utf8)
        let present = Set(
            bytes.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self).trimmingEnd })
        let missing = lines.filter { !present.contains($0) }
        if missing.isEmpty { return }
        if let last = bytes.last, last != UInt8(ascii: "\n") { bytes += end }
        for line in ["# \(comment)"] + missing { bytes += Array(line.utf8) + end }
        after = bytes
    }

    /// The file as it is planned.
    var planned: PlannedFile { PlannedFile(path, at: place, before: before, after: after) }
}

extension String {
    fileprivate var trimmingEnd: String {
        var text = self
        while text.last?.isWhitespace ?? false { text.removeLast() }
        return text
    }
}

/// Which lines `.gitignore` needs so that Git has what is to be shared, and nothing else.
enum IgnoreLines {
    /// The lines for the cache folder; none where the whole of an entry is ignored, which makes a cache of this clone.
    static func ofCache(
        _ cache: RelativePath, _ rules: IgnoreRules
    ) throws -> (lines: [String], localRule: RuleLine?) {
        let kinds = [".tar", ".md5", ".inputs.json"]
        let found = try kinds.map {
            try rules.rule(ignoring: cache.appending(RelativePath("a-b" + $0)), isDirectory: false)
        }
        let ignored = zip(kinds, found).filter { $0.1 != nil }
        if ignored.count == kinds.count { return ([], found[0]) }
        let folder = "/" + String(decoding: LiteralPattern.of(cache.bytes), as: UTF8.self)
        var lines = try rules.isIgnored(cache.appending(".tmp-1"), isDirectory: false) ? [] : [folder + "/.tmp-*"]
        lines += ignored.map { "!\(folder)/*\($0.0 == ".inputs.json" ? ".json" : $0.0)" }
        return (lines, nil)
    }

    /// The lines that let Git have files of a folder that it ignores, and keep the rest of it ignored.
    static func sharing(_ files: [RelativePath], _ rules: IgnoreRules) throws -> [String] {
        var lines: [String] = []
        for file in files where try rules.isIgnored(file, isDirectory: false) {
            let text = String(decoding: LiteralPattern.of(file.bytes), as: UTF8.self)
            if let folder = file.parent, !folder.bytes.isEmpty, try rules.isIgnored(folder, isDirectory: true) {
                let name = String(decoding: LiteralPattern.of(folder.bytes), as: UTF8.self)
                for line in ["!/\(name)/", "/\(name)/*"] where !lines.contains(line) { lines.append(line) }
            }
            lines.append("!/\(text)")
        }
        return lines
    }

    /// What of some files of a context is not left out by its ignore file.
    static func entering(_ files: [RelativePath], _ ignoreFile: [UInt8]?) -> [RelativePath] {
        guard let bytes = ignoreFile, let matcher = try? IgnoreMatcher(IgnoreFile.patterns(of: bytes)) else {
            return files
        }
        return files.filter { !matcher.isExcluded($0) }
    }
}
