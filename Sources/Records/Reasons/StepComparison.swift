import JSON

/// Compares the operations of two records: a sequence diff over what they do, not over where they stand.
struct StepComparison {
    private struct Step {
        let json: JSONValue
        /// What the step does, without its place, state and files.
        let effect: JSONValue

        init(_ json: JSONValue, stages: [String: Int]) {
            self.json = json
            let hidden: Set<String> = ["stage", "line", "end", "text", "state", "tree", "files"]
            var members = (json.members ?? []).filter { !hidden.contains($0.name) }
            members = members.map { member in
                guard member.name == "from", let number = member.value.string.flatMap({ stages[$0] }) else {
                    return member
                }
                return .init("from", .integer(Int64(number)))
            }
            effect = JSONValue.object(members).normalized
        }

        var text: String { json["text"]?.string ?? "" }
        var line: Int? { json["line"]?.integer.map { Int($0) } }
        var kind: String { json["kind"]?.string ?? "" }
    }

    private let old: [Step]
    private let new: [Step]
    private let changedArguments: Set<String>

    init(old: InputsRecord, new: InputsRecord, changedArguments: Set<String>) {
        self.old = Self.steps(old)
        self.new = Self.steps(new)
        self.changedArguments = changedArguments
    }

    private static func steps(_ record: InputsRecord) -> [Step] {
        var stages: [String: Int] = [:]
        for operation in record.operations {
            if let stage = operation["stage"]?.string, stages[stage] == nil { stages[stage] = stages.count }
        }
        return record.operations.map { Step($0, stages: stages) }
    }

    /// Added, removed and changed instructions, in the order of the newer record.
    var reasons: [Reason] {
        var reasons: [Reason] = []
        var seen: Set<Reason> = []
        for (removed, added) in gaps() {
            var removed = removed[...]
            var unmatched: [Step] = []
            for step in added {
                let twin = removed.firstIndex { $0.text == step.text } ?? removed.firstIndex { $0.kind == step.kind }
                guard let twin else {
                    unmatched.append(step)
                    continue
                }
                for reason in changes(from: removed[twin], to: step) where seen.insert(reason).inserted {
                    reasons.append(reason)
                }
                removed.remove(at: twin)
            }
            reasons += unmatched.map { Reason(.instructionAdded, line: $0.line, new: $0.text) }
            reasons += removed.map { Reason(.instructionRemoved, line: nil, old: $0.text) }
        }
        return reasons
    }

    /// What changed within one instruction: its own words, or only what it inherits.
    private func changes(from old: Step, to new: Step) -> [Reason] {
        if old.text != new.text { return [Reason(.instructionChanged, line: new.line, old: old.text, new: new.text)] }
        let names = Set((old.effect.members ?? []).map(\.name) + (new.effect.members ?? []).map(\.name))
        var reasons: [Reason] = []
        for name in names.sorted() where old.effect[name] != new.effect[name] {
            switch name {
            case "env": reasons += environmentChanges(old.effect[name], new.effect[name], new.line)
            case "cwd", "user":
                reasons.append(
                    Reason(
                        .configChanged, subject: name == "cwd" ? "WorkingDir" : "User",
                        old: old.effect[name].map(InputsRecord.text), new: new.effect[name].map(InputsRecord.text)))
            default:
                if changedArguments.contains(where: { new.text.contains($0) }) { continue }
                reasons.append(
                    Reason(
                        .instructionChanged, subject: name, line: new.line,
                        old: old.effect[name].map(InputsRecord.text), new: new.effect[name].map(InputsRecord.text)))
            }
        }
        return reasons
    }

    private func environmentChanges(_ old: JSONValue?, _ new: JSONValue?, _ line: Int?) -> [Reason] {
        let names = Set((old?.members ?? []).map(\.name) + (new?.members ?? []).map(\.name))
        return names.subtracting(changedArguments).sorted().compactMap { name in
            if old?[name] == new?[name] { return nil }
            // The first RUN that sees it tells enough.
            return Reason(
                .configChanged, subject: "Env.\(name)", old: old?[name].map(InputsRecord.text),
                new: new?[name].map(InputsRecord.text))
        }
    }

    /// The runs of steps between those that both records have in common.
    private func gaps() -> [(removed: [Step], added: [Step])] {
        // Longest common subsequence; a Dockerfile has few steps.
        var lengths = [[Int]](repeating: [Int](repeating: 0, count: new.count + 1), count: old.count + 1)
        for i in old.indices.reversed() {
            for j in new.indices.reversed() {
                lengths[i][j] =
                    old[i].effect == new[j].effect
                    ? lengths[i + 1][j + 1] + 1 : max(lengths[i + 1][j], lengths[i][j + 1])
            }
        }
        var gaps: [(removed: [Step], added: [Step])] = []
        var gap: (removed: [Step], added: [Step]) = ([], [])
        var (i, j) = (0, 0)
        while i < old.count || j < new.count {
            if i < old.count, j < new.count, old[i].effect == new[j].effect {
                if !gap.removed.isEmpty || !gap.added.isEmpty { gaps.append(gap) }
                gap = ([], [])
                i += 1
                j += 1
            } else if j < new.count, i == old.count || lengths[i][j + 1] >= lengths[i + 1][j] {
                gap.added.append(new[j])
                j += 1
            } else {
                gap.removed.append(old[i])
                i += 1
            }
        }
        if !gap.removed.isEmpty || !gap.added.isEmpty { gaps.append(gap) }
        return gaps
    }
}
