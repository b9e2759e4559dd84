import JSON
import SystemCalls

extension InputsRecord {
    /// The word of the recipe.
    var recipeName: String { recipe ?? "dockerfile" }

    /// Why the key of an OS image differs from that of an older record of one: one reason for each cause.
    func recipeReasons(since old: InputsRecord, _ evidence: Evidence) -> [Reason] {
        var reasons = requestReasons(since: old)
        let values = valueReasons(since: old)
        let packages = packageReasons(since: old)
        let told = Set((values + packages).compactMap(\.path))
        reasons += values + packages
        // A file of which is said what changed in it changed for no other reason.
        reasons += FileComparison(old: old, new: self, evidence: evidence).reasons.filter { reason in
            reason.name != .fileContentChanged || !(reason.path.map(told.contains) ?? false)
        }
        for (path, before, now) in Self.differences(old.template["outside"], template["outside"]) {
            let name: Reason.Name = before == nil ? .fileAdded : now == nil ? .fileRemoved : .fileContentChanged
            reasons.append(Reason(name, path: path, old: before?.string, new: now?.string))
        }
        reasons += extraReasons(since: old)
        if reasons.isEmpty { reasons.append(Reason(.templateChanged, path: template["file"]?.string, subject: "it")) }
        return reasons
    }

    /// What changed in the values of templates that both records name.
    private func valueReasons(since old: InputsRecord) -> [Reason] {
        var reasons: [Reason] = []
        for (file, before, now) in Self.differences(old.template["values"], template["values"]) {
            guard before?.members != nil, now?.members != nil else { continue }
            for (key, left, right) in Self.differences(before, now) {
                reasons += Self.changes(of: key, in: file, from: left, to: right)
            }
        }
        return reasons
    }

    /// What became of a value: of a list one reason for each word that came or went.
    private static func changes(
        of key: String, in file: String, from old: JSONValue?, to new: JSONValue?
    ) -> [Reason] {
        guard old?.array != nil || new?.array != nil else {
            return [Reason(.templateChanged, path: file, subject: key, old: old.map(text), new: new.map(text))]
        }
        let (before, now) = ((old?.array ?? []).map(text), (new?.array ?? []).map(text))
        let (known, present) = (Set(before), Set(now))
        let gone = before.filter { !present.contains($0) }
        let come = now.filter { !known.contains($0) }
        if gone.isEmpty, come.isEmpty {
            let (left, right) = (before.joined(separator: " "), now.joined(separator: " "))
            return [Reason(.templateChanged, path: file, subject: key, old: left, new: right)]
        }
        return gone.map { Reason(.templateChanged, path: file, subject: key, old: $0) }
            + come.map { Reason(.templateChanged, path: file, subject: key, new: $0) }
    }

    /// What changed in the lock file; nothing where only one of the records has one, which is said of the file.
    private func packageReasons(since old: InputsRecord) -> [Reason] {
        guard let before = old.template["packages"], let now = template["packages"], before.members != nil,
            now.members != nil
        else { return [] }
        let file = template["lock"]?.string
        func part(_ value: JSONValue?, _ index: Int) -> String? {
            value?.array.flatMap { $0.indices.contains(index) ? $0[index].string : nil }
        }
        return Self.differences(before, now).map { name, left, right in
            if left == nil { return Reason(.packageAdded, path: file, subject: name, new: part(right, 0)) }
            if right == nil { return Reason(.packageRemoved, path: file, subject: name, old: part(left, 0)) }
            // The same version may have been built anew.
            let index = part(left, 0) == part(right, 0) ? 1 : 0
            return Reason(
                .packageChanged, path: file, subject: name, old: part(left, index), new: part(right, index))
        }
    }
}
