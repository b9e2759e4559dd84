import Git
import Records
import SystemCalls

/// Finds out which absent files count, after the sources' exclusions, and what is known of them.
package struct AbsenceCheck {
    /// The absent files that count.
    package struct Found {
        /// Those whose content nothing proves.
        package var unproven: [AbsentPath] = []
        /// Those whose content is proven by their blobs.
        package var proven: [AbsentPath] = []
        /// Submodules whose files are known from the entry's record.
        package var assumed: [AbsentPath] = []
    }

    /// The repositories around and in the folder.
    package let scopes: NestedScopes
    let rules: ScopeRules
    /// What the operations take; nil where everything counts.
    let selections: [ContextSelection]?

    /// Prepares the look.
    package init(scopes: NestedScopes, rules: ScopeRules, selections: [ContextSelection]?) {
        self.scopes = scopes
        self.rules = rules
        self.selections = selections
    }

    /// Looks at what was collected.
    ///
    /// - Parameters:
    ///   - files: The files under their own names.
    ///   - absent: What is absent of them.
    ///   - followed: The files under the names of links.
    ///   - followedAbsent: What is absent of them.
    package func run(
        _ files: FileTable, _ absent: [RelativePath: AbsentPath], _ followed: FileTable,
        _ followedAbsent: [RelativePath: AbsentPath]
    ) throws(InputsError) -> Found {
        var found = Found()
        count(files, absent, &found) { $0.recorded == $0.place }
        count(followed, followedAbsent, &found) { $0.recorded != $0.place }
        for folder in try scopes.absentOfReached() where folder.isFolder && rules.mayTake(below: folder.path) {
            if let selections, !selections.contains(where: { $0.mayTake(below: folder.path) }) { continue }
            if folder.isRecorded { found.assumed.append(folder) } else { found.unproven.append(folder) }
        }
        return found
    }

    private func count(
        _ table: FileTable, _ absent: [RelativePath: AbsentPath], _ found: inout Found,
        _ isWanted: (SourceResolver.Root) -> Bool
    ) {
        if absent.isEmpty { return }
        var positions = Set(selections == nil ? Array(table.indices) : [])
        for selection in selections ?? [] { positions.formUnion(selection.positions(in: table, isWanted)) }
        for position in positions {
            let entry = table.entries[position]
            guard entry.flags.contains(.absent), let path = absent[RelativePath(bytes: Array(table.name(entry)))] else {
                continue
            }
            if entry.flags.contains(.unproven) { found.unproven.append(path) } else { found.proven.append(path) }
        }
    }
}
