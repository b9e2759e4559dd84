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
        var reasons: [Reason] = []
        for (name, before, now) in InputsRecord.differences(old.effect, new.effect) {
            switch name {
            case "env": reasons += environmentChanges(before, now, new.line)
            case "cwd", "user":
                reasons.append(
                    Reason(
                        .configChanged, subject: name == "cwd" ? "WorkingDir" : "User",
                        old: before.map(InputsRecord.text), new: now.map(InputsRecord.text)))
            default:
                if changedArguments.contains(where: { new.text.contains($0) }) { continue }
                reasons.append(
                    Reason(
                        .instructionChanged, subject: name, line: new.line,
                        old: before.map(InputsRecord.text), new: now.map(InputsRecord.text)))
            }
        }
        return reasons
    }

    private func environmentChanges(_ old: JSONValue?, _ new: JSONValue?, _ line: Int?) -> [Reason] {
        InputsRecord.differences(old, new).filter { !changedArguments.contains($0.name) }.map { name, old, new in
            // The first RUN that sees it tells enough.
            Reason(
                .configChanged, subject: "Env.\(name)", old: old.map(InputsRecord.text),
                new: new.map(InputsRecord.text))
        }
    }

    /// The runs of steps between those that both records have in common.
    private func gaps() -> [(removed: [Step], added: [Step])] {
        // Equal effects are one number, so that they are compared once.
        var numbers: [JSONValue: Int] = [:]
        func number(_ step: Step) -> Int {
            let next = numbers.count
            let known = numbers[step.effect] ?? next
            if known == next { numbers[step.effect] = next }
            return known
        }
        let (left, right) = (old.map(number), new.map(number))
        let start = zip(left, right).prefix { $0 == $1 }.count
        let end = zip(left[start...].reversed(), right[start...].reversed()).prefix { $0 == $1 }.count
        let common = Self.commonSteps(left[start..<(left.count - end)], right[start..<(right.count - end)])
        var gaps: [(removed: [Step], added: [Step])] = []
        var (i, j) = (start, start)
        for (nextOld, nextNew) in common + [(left.count - end, right.count - end)] {
            if nextOld > i || nextNew > j { gaps.append((Array(old[i..<nextOld]), Array(new[j..<nextNew]))) }
            (i, j) = (nextOld + 1, nextNew + 1)
        }
        return gaps
    }

    /// The places of a longest common subsequence; none where the steps are more than any Dockerfile has.
    private static func commonSteps(_ left: ArraySlice<Int>, _ right: ArraySlice<Int>) -> [(Int, Int)] {
        if left.count * right.count > 1_000_000 { return [] }
        let width = right.count + 1
        var lengths = [Int32](repeating: 0, count: (left.count + 1) * width)
        for i in (0..<left.count).reversed() {
            for j in (0..<right.count).reversed() {
                lengths[i * width + j] =
                    left[left.startIndex + i] == right[right.startIndex + j]
                    ? lengths[(i + 1) * width + j + 1] + 1
                    : max(lengths[(i + 1) * width + j], lengths[i * width + j + 1])
            }
        }
        var common: [(Int, Int)] = []
        var (i, j) = (0, 0)
        while i < left.count, j < right.count {
            if left[left.startIndex + i] == right[right.startIndex + j] {
                common.append((left.startIndex + i, right.startIndex + j))
                i += 1
                j += 1
            } else if lengths[i * width + j + 1] >= lengths[(i + 1) * width + j] {
                j += 1
            } else {
                i += 1
            }
        }
        return common
    }
}
