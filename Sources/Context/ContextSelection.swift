import Patterns
import Records
import SystemCalls

/// The files that one operation takes from the context.
package struct ContextSelection {
    /// What one source names, and which of it is taken.
    package struct Part {
        /// What the source names.
        package let roots: [SourceResolver.Root]
        /// Leaves out what `--exclude` names, relative to the root; a root that is a file stays.
        package let excluded: IgnoreMatcher?
        /// For `--parents`: the folder that `excluded` is relative to.
        package var pivot: RelativePath?
        /// For `--parents`: leaves out all but what the source names; its patterns are relative to the context.
        package let allBut: IgnoreMatcher?
        /// Whether it is fine that the source names nothing.
        package let isWildcard: Bool
        /// Absent folders of which a wildcard may take something.
        var unlisted: [RelativePath] = []

        /// Names what a source takes.
        package init(
            roots: [SourceResolver.Root], excluded: IgnoreMatcher?, allBut: IgnoreMatcher?, isWildcard: Bool,
            unlisted: [RelativePath] = []
        ) {
            self.roots = roots
            self.excluded = excluded
            self.allBut = allBut
            self.isWildcard = isWildcard
            self.unlisted = unlisted
        }
    }

    /// What each source takes.
    package var parts: [Part] = []
    /// Whether modes do not count, since an octal `--chmod` replaces them.
    package var replacesModes = false

    /// Takes nothing yet.
    package init() {}

    /// The positions in `table` of the files taken, sorted, each once.
    package func positions(in table: FileTable, _ isWanted: (SourceResolver.Root) -> Bool) -> [Int] {
        var positions: [Int] = []
        for part in parts {
            for root in part.roots where isWanted(root) {
                for position in Self.range(of: root, in: table)
                where part.takes(table.name(table.entries[position]), root) {
                    positions.append(position)
                }
            }
        }
        if parts.count == 1, parts[0].roots.count == 1 { return positions }
        positions.sort()
        var last = -1
        positions.removeAll { position in
            defer { last = position }
            return position == last
        }
        return positions
    }

    /// Whether something below an absent folder, whose files are not known, may be taken.
    func mayTake(below folder: RelativePath) -> Bool {
        parts.contains { part in
            part.unlisted.contains(folder)
                || part.roots.contains { root in
                    root.place.isInside(folder)
                        || (root.isFolder && folder.isInside(root.place) && part.mayTake(below: folder, root))
                }
        }
    }

    private static func range(of root: SourceResolver.Root, in table: FileTable) -> Range<Int> {
        let path = root.recorded.bytes
        if path.isEmpty { return table.startIndex..<table.endIndex }
        if !root.isFolder {
            let position = table.lowerBound(path)
            guard position < table.endIndex, table.name(table.entries[position]).elementsEqual(path) else {
                return position..<position
            }
            return position..<(position + 1)
        }
        let start = table.lowerBound(path + [UInt8(ascii: "/")])
        return start..<max(start, table.lowerBound(path + [UInt8(ascii: "/") + 1]))
    }
}

extension ContextSelection.Part {
    fileprivate func mayTake(below folder: RelativePath, _ root: SourceResolver.Root) -> Bool {
        let rest = folder.bytes.dropFirst(root.place.bytes.isEmpty ? 0 : root.place.bytes.count + 1)
        let recorded = root.recorded.appending(RelativePath(bytes: Array(rest)))
        if let allBut, !allBut.mayInclude(below: recorded) { return false }
        guard let excluded, case let base = pivot ?? root.recorded, recorded != base, recorded.isInside(base) else {
            return true
        }
        let relative = recorded.bytes.dropFirst(base.bytes.isEmpty ? 0 : base.bytes.count + 1)
        return excluded.mayInclude(below: RelativePath(bytes: Array(relative)))
    }

    fileprivate func takes(_ path: ArraySlice<UInt8>, _ root: SourceResolver.Root) -> Bool {
        if let allBut, allBut.isExcluded(RelativePath(bytes: Array(path))) { return false }
        guard let excluded, let base = pivot ?? (root.isFolder ? root.recorded : nil) else { return true }
        guard path.starts(with: base.bytes) else { return true }
        let relative = path.dropFirst(base.bytes.isEmpty ? 0 : base.bytes.count + 1)
        return !excluded.isExcluded(RelativePath(bytes: Array(relative)))
    }
}
