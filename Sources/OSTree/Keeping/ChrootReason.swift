import SystemCalls

/// Why the snapshot of the base tree cannot be used, in one line.
enum ChrootReason {
    /// There is none.
    static let none = "there is no snapshot of the base tree yet"
    /// The file is not what its record says.
    static let damaged = "the snapshot is damaged (digest)"
    /// Trees are not kept.
    static let unkept = "the caches of trees are switched off"

    /// What differs between the record of a snapshot and the one that is wanted; nil where their keys are equal.
    static func difference(from old: TreeRecord, to new: TreeRecord) -> String? {
        if old.key == new.key { return nil }
        if old.recipe != new.recipe { return "made by another version of this program" }
        if old.signers != new.signers { return "keys of the repositories changed" }
        return packages(old.packages, new.packages) ?? "the list of the base tree changed"
    }

    /// The first package that differs, and how many more do; nil where none does.
    private static func packages(_ old: [TreeRecord.Part], _ new: [TreeRecord.Part]) -> String? {
        let before = Dictionary(old.map { ($0.name, $0) }) { $1 }
        let after = Dictionary(new.map { ($0.name, $0) }) { $1 }
        var changes: [String] = []
        for name in Set(before.keys).union(after.keys).sorted() {
            switch (before[name], after[name]) {
            case (let left?, let right?) where left.version != right.version:
                changes.append("\(name) \(left.version) → \(right.version)")
            case (let left?, let right?) where left != right: changes.append("\(name) has another digest")
            case (nil, .some): changes.append("\(name) is new")
            case (.some, nil): changes.append("\(name) is gone")
            default: continue
            }
        }
        guard let first = changes.first else { return nil }
        return Printable.escaped(first) + (changes.count > 1 ? " and \(changes.count - 1) more" : "")
    }
}
