import JSON
import OCI
import SystemCalls

extension InputsRecord {
    /// What two records alone cannot tell: the state of the work tree and the content of old blobs.
    public struct Evidence {
        /// Whether a path of the context exists now, in scope or not.
        public var exists: ((RelativePath) -> Bool)?
        /// Whether a path of the context existed when the older record was made.
        public var existed: ((RelativePath) -> Bool)?
        /// Whether the contents of an older and a newer file differ in line ends only.
        public var differsInLineEndsOnly: ((FileRecord, FileRecord) -> Bool)?

        /// Knows nothing.
        public init() {}
    }

    /// Why this record's key differs from that of an older record, the causes first; empty where the keys are equal.
    public func reasons(since old: InputsRecord, evidence: Evidence = Evidence()) -> [Reason] {
        if key == old.key { return [] }
        if algorithm != old.algorithm { return [Reason(.keyRulesChanged, old: old.algorithm, new: algorithm)] }
        if recipe != old.recipe { return [Reason(.recipeChanged, old: old.recipeName, new: recipeName)] }
        if recipe != nil { return recipeReasons(since: old, evidence) }
        var reasons = requestReasons(since: old)
        let arguments = argumentReasons(since: old)
        reasons += baseReasons(since: old) + remoteReasons(since: old) + arguments
        if !isOpaque, !old.isOpaque {
            if target == old.target {
                let steps = StepComparison(old: old, new: self, changedArguments: Set(arguments.compactMap(\.subject)))
                reasons += steps.reasons
                let known = Set(reasons.filter { $0.name == .configChanged }.compactMap(\.subject))
                reasons += configReasons(since: old).filter { $0.subject.map { !known.contains($0) } ?? true }
            }
        } else {
            reasons += opaqueReasons(since: old)
        }
        reasons += FileComparison(old: old, new: self, evidence: evidence).reasons
        reasons += extraReasons(since: old)
        if reasons.isEmpty { reasons.append(fallback(since: old)) }
        return reasons.map { reason in
            var reason = reason
            if reason.line != nil || !reason.lines.isEmpty { reason.dockerfile = dockerfile }
            return reason
        }
    }

    func requestReasons(since old: InputsRecord) -> [Reason] {
        var reasons: [Reason] = []
        if platform != old.platform {
            reasons.append(
                Reason(.platformChanged, old: old.platform?.description, new: platform?.description))
        }
        if target != old.target { reasons.append(Reason(.targetChanged, old: old.target, new: target)) }
        if frontend != old.frontend { reasons.append(Reason(.frontendChanged, old: old.frontend, new: frontend)) }
        return reasons
    }

    private func baseReasons(since old: InputsRecord) -> [Reason] {
        var before: [ImageReference: Base] = [:]
        for base in old.bases { before[base.reference] = base }
        var reasons: [Reason] = []
        var seen: Set<ImageReference> = []
        for base in bases where seen.insert(base.reference).inserted {
            let (subject, identity) = (base.reference.description, base.identity.description)
            if let same = before[base.reference] {
                if same.identity == base.identity { continue }
                if same.identity.isKey || base.identity.isKey {
                    let (old, new) = (Self.digits(same.identity), Self.digits(base.identity))
                    let name = base.reference.shortName
                    reasons.append(Reason(.baseChanged, subject: name, line: base.line, old: old, new: new))
                } else {
                    let old = same.identity.description
                    reasons.append(Reason(.baseMoved, subject: subject, line: base.line, old: old, new: identity))
                }
            } else {
                reasons.append(Reason(.baseAdded, subject: subject, line: base.line, new: identity))
            }
        }
        for base in old.bases where seen.insert(base.reference).inserted {
            reasons.append(Reason(.baseRemoved, subject: base.reference.description, old: base.identity.description))
        }
        return reasons
    }

    /// An identity as it is told: of a key the digits alone.
    private static func digits(_ identity: BaseIdentity) -> String {
        if case .key(let key) = identity { key.hexadecimal } else { identity.description }
    }

    private func remoteReasons(since old: InputsRecord) -> [Reason] {
        func identity(_ remote: JSONValue) -> String {
            let parts = [remote["ref"], remote["scrypt"] ?? remote["sha256"], remote["checksum"]]
            return parts.compactMap { $0.flatMap { $0 == .null ? nil : Self.text($0) } }.joined(separator: " ")
        }
        let before = old.remotes.map(identity)
        let (known, now) = (Set(before), Set(remotes.map(identity)))
        let added = remotes.filter { !known.contains(identity($0)) }
        var removed = before.filter { !now.contains($0) }[...]
        var reasons = added.map { remote in
            Reason(
                .remoteChanged, line: remote["line"]?.integer.map { Int($0) }, old: removed.popFirst(),
                new: identity(remote))
        }
        reasons += removed.map { Reason(.remoteChanged, old: $0) }
        return reasons
    }

    private func argumentReasons(since old: InputsRecord) -> [Reason] {
        var before: [String: JSONValue] = [:]
        for argument in old.arguments { before[argument.name] = argument.json }
        var reasons: [Reason] = []
        func compare(_ name: String, _ old: JSONValue?, _ new: JSONValue?) {
            let lines = Self.lines(new).isEmpty ? Self.lines(old) : Self.lines(new)
            if lines.isEmpty, !isOpaque { return }
            let (before, now) = (Self.shown(old), Self.shown(new))
            if before == now { return }
            var reason = Reason(.argChanged, subject: name, line: lines.first, old: before, new: now)
            reason.lines = lines
            reasons.append(reason)
        }
        for argument in arguments {
            compare(argument.name, before.removeValue(forKey: argument.name), argument.json)
        }
        for argument in old.arguments { if let json = before[argument.name] { compare(argument.name, json, nil) } }
        return reasons
    }

    private static func lines(_ argument: JSONValue?) -> [Int] {
        (argument?["lines"]?.array ?? []).compactMap { $0.integer.map { Int($0) } }
    }

    /// What is shown of an argument; nil for one that is not set.
    private static func shown(_ argument: JSONValue?) -> String? {
        guard let argument else { return nil }
        if let values = argument["values"] { return values.text }
        return argument["value"]?.string ?? argument["scrypt"]?.string ?? argument["sha256"]?.string
    }

    private func configReasons(since old: InputsRecord) -> [Reason] {
        var reasons: [Reason] = []
        for (field, before, now) in Self.differences(old.config.normalized, config.normalized) {
            guard field == "Env" || field == "Labels" else {
                reasons.append(
                    Reason(.configChanged, subject: field, old: before.map(Self.text), new: now.map(Self.text)))
                continue
            }
            for (name, left, right) in Self.differences(before, now) {
                let subject = field == "Labels" ? name : "Env.\(name)"
                reasons.append(
                    Reason(
                        field == "Labels" ? .labelChanged : .configChanged, subject: subject,
                        old: left.map(Self.text), new: right.map(Self.text)))
            }
        }
        return reasons
    }

    /// The members that two objects do not have in common, by name; of very many, the first.
    static func differences(
        _ old: JSONValue?, _ new: JSONValue?
    ) -> [(name: String, old: JSONValue?, new: JSONValue?)] {
        let (before, now) = (old?.dictionary ?? [:], new?.dictionary ?? [:])
        let names = Set(before.keys).union(now.keys).filter { before[$0] != now[$0] }.sorted()
        return names.prefix(InputLimit.reasons).map { ($0, before[$0], now[$0]) }
    }

    /// A value as it is shown: a string bare, everything else as JSON.
    package static func text(_ value: JSONValue) -> String {
        value.string ?? value["scrypt"]?.string ?? value["sha256"]?.string ?? value.text
    }

    func extraReasons(since old: InputsRecord) -> [Reason] {
        var reasons: [Reason] = []
        func compare(_ member: String, _ make: (String, JSONValue?, JSONValue?) -> Reason) {
            for (name, before, now) in Self.differences(old.extra[member], extra[member]) {
                reasons.append(make(name, before, now))
            }
        }
        compare("files") { name, old, new in
            Reason(.extraChanged, path: name, old: old.map(Self.value), new: new.map(Self.value))
        }
        compare("git") { name, old, new in
            Reason(.extraChanged, subject: "git \(name)", old: old?.string, new: new?.string)
        }
        compare("salt") { name, old, new in
            Reason(.saltChanged, subject: name, old: old.map(Self.text), new: new.map(Self.text))
        }
        return reasons
    }

    /// What a file's line of the document says of its content.
    private static func value(_ line: JSONValue) -> String {
        guard let parts = line.array, parts.count > 2 else { return line.text }
        return parts[2].string ?? line.text
    }

    /// The first operation whose state differs, where no part of the records does.
    private func fallback(since old: InputsRecord) -> Reason {
        for (before, now) in zip(old.operations, operations) where before["state"] != now["state"] {
            return Reason(
                .instructionChanged, line: now["line"]?.integer.map { Int($0) }, old: before["text"]?.string,
                new: now["text"]?.string)
        }
        return Reason(.instructionChanged)
    }
}

extension InputsRecord {
    /// The reasons that only opaque mode has: a changed line, label or set of named contexts.
    private func opaqueReasons(since old: InputsRecord) -> [Reason] {
        let (before, now) = (old.extra["opaque"], extra["opaque"])
        var reasons: [Reason] = []
        let (oldLines, newLines) = (before?["lines"]?.array ?? [], now?["lines"]?.array ?? [])
        if oldLines != newLines {
            let first = zip(oldLines, newLines).enumerated().first { $0.element.0 != $0.element.1 }?.offset
            let index = first ?? min(oldLines.count, newLines.count)
            reasons.append(
                Reason(
                    .instructionChanged, line: index + 1,
                    old: oldLines.indices.contains(index) ? Self.text(oldLines[index]) : nil,
                    new: newLines.indices.contains(index) ? Self.text(newLines[index]) : nil))
        } else if before?["sha256"] != now?["sha256"] {
            reasons.append(Reason(.instructionChanged, line: 1))
        }
        for (name, left, right) in Self.differences(before?["labels"], now?["labels"]) {
            reasons.append(
                Reason(.labelChanged, subject: name, old: left.map(Self.text), new: right.map(Self.text)))
        }
        if before?["namedContexts"] != now?["namedContexts"] {
            reasons.append(Reason(.extraChanged, subject: "additional build contexts"))
        }
        return reasons
    }
}
