import Git
import JSON
import SystemCalls
import SystemPackage

/// A line of `.gitattributes` that puts files under LFS or takes them out.
public struct TrackedPattern: Hashable, Sendable {
    /// The pattern as the line has it, with the file's folder before it in a list.
    public let pattern: String
    /// Whether the line puts files under LFS; otherwise it takes them out.
    public let isTracked: Bool
    /// Whether the line has the word `lockable`.
    public let isLockable: Bool
    /// The file, relative to the work tree.
    public let source: String

    /// Reads a line; nil for one that says nothing of the LFS filter.
    init?(line: String, folder: String = "", source: String = ".gitattributes") {
        let words = line.split { $0 == " " || $0 == "\t" }.map(String.init)
        guard let first = words.first, !first.hasPrefix("#"), words.count > 1 else { return nil }
        let isTracked = words.contains("filter=lfs")
        let isExcluded = words.contains { $0 == "-filter" || $0 == "!filter" || $0.hasPrefix("-filter=lfs") }
        guard isTracked || isExcluded else { return nil }
        pattern = folder + first
        self.isTracked = isTracked
        isLockable = words.contains("lockable")
        self.source = source
    }

    /// The patterns of all `.gitattributes` of a repository, and of `info/attributes`.
    public static func all(of repository: Repository) throws -> [TrackedPattern] {
        guard let workTree = repository.workTree else { return [] }
        var files = Set(["" as RelativePath])
        for entry in (try? repository.index())?.entries ?? IndexEntries()
        where entry.path.lastComponent.elementsEqual(".gitattributes".utf8) {
            if let folder = entry.path.parent { files.insert(folder) }
        }
        var found: [TrackedPattern] = []
        let info = repository.commonDirectory.appending("info").appending("attributes")
        for line in try lines(info) {
            if let item = TrackedPattern(line: line, source: ".git/info/attributes") { found.append(item) }
        }
        for folder in files.sorted() {
            let file = folder.appending(AttributesFile.name)
            let prefix = folder.bytes.isEmpty ? "" : "\(folder)/"
            for line in try lines(workTree.appending(file)) {
                if let item = TrackedPattern(line: line, folder: prefix, source: file.description) {
                    found.append(item)
                }
            }
        }
        return found
    }

    private static func lines(_ path: FilePath) throws -> [String] {
        String(decoding: try Files.read(path) ?? [], as: UTF8.self).split(whereSeparator: \.isNewline).map(String.init)
    }

    /// The list as `lfs track` without arguments prints it.
    public static func list(_ patterns: [TrackedPattern], showsExcluded: Bool = true) -> [String] {
        func line(_ item: TrackedPattern) -> String {
            "    \(item.pattern)\(item.isLockable ? " [lockable]" : "") (\(item.source))"
        }
        var lines = ["Listing tracked patterns"] + patterns.filter(\.isTracked).map(line)
        if showsExcluded { lines += ["Listing excluded patterns"] + patterns.filter { !$0.isTracked }.map(line) }
        return lines
    }

    /// The document of `lfs track --json`.
    public static func document(_ patterns: [TrackedPattern]) -> JSONValue {
        [
            "patterns": .array(
                patterns.map {
                    [
                        "pattern": .string($0.pattern), "source": .string($0.source), "lockable": .bool($0.isLockable),
                        "tracked": .bool($0.isTracked),
                    ]
                })
        ]
    }
}
