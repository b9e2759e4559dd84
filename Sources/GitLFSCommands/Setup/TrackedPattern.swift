import JSON

/// A line of `.gitattributes` that puts files under LFS or takes them out.
struct TrackedPattern: Hashable, Sendable {
    /// The pattern as the line has it, with the file's folder before it in a list.
    let pattern: String
    /// Whether the line puts files under LFS; otherwise it takes them out.
    let isTracked: Bool
    /// Whether the line has the word `lockable`.
    let isLockable: Bool
    /// The file, relative to the work tree; empty for the user's and the system's.
    let source: String

    /// Reads a line; nil for one that says nothing of the LFS filter.
    ///
    /// - Parameters:
    ///   - line: The line.
    ///   - folder: The folder of the file, with a `/` at its end.
    ///   - source: The file.
    ///   - macros: What the words of `[attr]` lines stand for.
    init?(
        line: String, folder: String = "", source: String = ".gitattributes", macros: [String: [String]] = [:]
    ) {
        let given = line.split { $0 == " " || $0 == "\t" }.map(String.init)
        guard let first = given.first, !first.hasPrefix("#"), !first.hasPrefix("[attr]"), given.count > 1 else {
            return nil
        }
        let words = given.dropFirst().flatMap { macros[$0] ?? [$0] }
        let decisive = words.last { $0 == "filter=lfs" || $0 == "-filter" || $0 == "!filter" || $0 == "-filter=lfs" }
        guard let decisive else { return nil }
        pattern = folder + (first.hasPrefix("/") && !folder.isEmpty ? String(first.dropFirst()) : first)
        isTracked = decisive == "filter=lfs"
        isLockable = words.contains("lockable")
        self.source = source
    }

    /// The name and the words of a line that defines a macro.
    static func macro(_ line: String) -> (name: String, words: [String])? {
        let words = line.split { $0 == " " || $0 == "\t" }.map(String.init)
        guard let first = words.first, first.hasPrefix("[attr]") else { return nil }
        return (String(first.dropFirst(6)), Array(words.dropFirst()))
    }

    /// The list as `lfs track` without arguments prints it; nothing where there are no patterns at all.
    static func list(_ patterns: [TrackedPattern], showsExcluded: Bool = true) -> [String] {
        if patterns.isEmpty { return [] }
        func line(_ item: TrackedPattern) -> String {
            let pattern = item.pattern.hasPrefix("/") ? String(item.pattern.dropFirst()) : item.pattern
            return "    \(pattern)\(item.isLockable ? " [lockable]" : "") (\(item.source))"
        }
        var lines = ["Listing tracked patterns"] + patterns.filter(\.isTracked).map(line)
        if showsExcluded { lines += ["Listing excluded patterns"] + patterns.filter { !$0.isTracked }.map(line) }
        return lines
    }

    /// The document of `lfs track --json`.
    static func document(_ patterns: [TrackedPattern]) -> JSONValue {
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
