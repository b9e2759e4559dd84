import Hashing
import JSON
import Patterns
import SystemCalls

/// Compares the files of two records.
struct FileComparison {
    private let old: InputsRecord
    private let new: InputsRecord
    private let evidence: InputsRecord.Evidence
    private let oldReach: Reach
    private let newReach: Reach

    init(old: InputsRecord, new: InputsRecord, evidence: InputsRecord.Evidence) {
        self.old = old
        self.new = new
        self.evidence = evidence
        let files = old.files.count + new.files.count
        oldReach = Reach(old, files: files)
        newReach = Reach(new, files: files)
    }

    /// What happened to files, by path.
    var reasons: [Reason] {
        var added: [FileRecord] = []
        var removed: [FileRecord] = []
        var reasons: [Reason] = []
        var (i, j) = (0, 0)
        let (before, now) = (old.files, new.files)
        while i < before.count || j < now.count {
            // Of very many differences the first tell enough.
            if max(reasons.count, added.count, removed.count) >= InputLimit.reasons { break }
            let left = i < before.count ? before.name(before.entries[i]) : nil
            let right = j < now.count ? now.name(now.entries[j]) : nil
            if let left, let right, left.elementsEqual(right) {
                if !Self.isSame(before, i, now, j) { reasons += changes(before[i], now[j]) }
                i += 1
                j += 1
            } else if let right, left.map({ right.lexicographicallyPrecedes($0) }) ?? true {
                added.append(now[j])
                j += 1
            } else {
                removed.append(before[i])
                i += 1
            }
        }
        reasons += moves(&removed, &added)
        reasons += added.compactMap(entered) + removed.compactMap(left)
        return reasons.sorted { ($0.path ?? "").utf8.lexicographicallyPrecedes(($1.path ?? "").utf8) }
    }

    private static func isSame(_ left: FileTable, _ i: Int, _ right: FileTable, _ j: Int) -> Bool {
        let (a, b) = (left.entries[i], right.entries[j])
        let kinds: FileTable.Flags = [.link, .executable]
        guard a.flags.intersection(kinds) == b.flags.intersection(kinds), a.digest == b.digest else { return false }
        return !a.flags.contains(.link) || left.linkText(a).elementsEqual(right.linkText(b))
    }

    private func changes(_ old: FileRecord, _ new: FileRecord) -> [Reason] {
        switch (old.content, new.content) {
        case (.link(let before), .link(let now)):
            return [
                reason(
                    .fileLinkChanged, new.path, newReach, RelativePath(bytes: before).percentEncoded,
                    RelativePath(bytes: now).percentEncoded)
            ]
        case (.file(let before, _, let wasExecutable), .file(let now, _, let isExecutable)):
            var reasons: [Reason] = []
            if before != now {
                let isLineEnds = evidence.differsInLineEndsOnly?(old, new) ?? false
                reasons.append(
                    reason(
                        isLineEnds ? .fileEOLOnly : .fileContentChanged, new.path, newReach, before.hexadecimal,
                        now.hexadecimal))
            }
            if wasExecutable != isExecutable, newReach.countsMode(new.path) || oldReach.countsMode(new.path) {
                reasons.append(
                    reason(
                        .fileModeChanged, new.path, newReach, wasExecutable ? "755" : "644",
                        isExecutable ? "755" : "644"))
            }
            return reasons
        case (.file, .link): return [reason(.fileTypeChanged, new.path, newReach, "file", "link")]
        case (.link, .file): return [reason(.fileTypeChanged, new.path, newReach, "link", "file")]
        }
    }

    /// Pairs files that left with equal ones that came.
    private func moves(_ removed: inout [FileRecord], _ added: inout [FileRecord]) -> [Reason] {
        var byContent: [FileRecord.Content: [Int]] = [:]
        // The first of a content stand last.
        for (index, file) in removed.enumerated().reversed() where file.size > 0 && evidence.exists?(file.path) != true
        {
            byContent[file.content, default: []].append(index)
        }
        var gone: Set<Int> = []
        var reasons: [Reason] = []
        added.removeAll { file in
            guard file.size > 0, let count = byContent[file.content]?.count, count > 0 else { return false }
            let name = file.path.lastComponent
            // Of very many equal files a few are looked at.
            let best = byContent[file.content]?.suffix(32).lastIndex {
                removed[$0].path.lastComponent.elementsEqual(name)
            }
            guard let index = byContent[file.content]?.remove(at: best ?? count - 1) else { return false }
            gone.insert(index)
            reasons.append(
                reason(.fileRenamed, file.path, newReach, removed[index].path.percentEncoded, nil))
            return true
        }
        removed = removed.enumerated().filter { !gone.contains($0.offset) }.map(\.element)
        return reasons
    }

    /// A file that came; nil where the instruction that takes it came with it and says enough.
    private func entered(_ file: FileRecord) -> Reason? {
        guard oldReach.reaches(file.path) else { return nil }
        let byIgnore = old.ignore != new.ignore && (evidence.existed?(file.path) ?? true)
        return reason(byIgnore ? .fileEnteredByIgnore : .fileAdded, file.path, newReach, nil, file.digest?.hexadecimal)
    }

    private func left(_ file: FileRecord) -> Reason? {
        guard newReach.reaches(file.path) else { return nil }
        // A template names each of its files; that it does not any more is said of the template.
        if new.recipe != nil, evidence.exists?(file.path) ?? false { return nil }
        let byIgnore = evidence.exists?(file.path) ?? (old.ignore != new.ignore)
        return reason(byIgnore ? .fileLeftByIgnore : .fileRemoved, file.path, oldReach, file.digest?.hexadecimal, nil)
    }

    private func reason(
        _ name: Reason.Name, _ path: RelativePath, _ reach: Reach, _ old: String?, _ new: String?
    ) -> Reason {
        var reason = Reason(name, path: path.percentEncoded, old: old, new: new)
        reason.instructions = reach.instructions(path)
        reason.line = reason.instructions.first?.line
        return reason
    }
}

/// Which operations of a record reach a file, judged by the words of the document.
struct Reach {
    private struct Step {
        let instruction: Reason.Instruction
        let paths: [RelativePath]
        let patterns: [GoPattern]
        let countsMode: Bool
        let takesAll: Bool
    }

    private var steps: [Step] = []
    private let isOpaque: Bool

    /// Reads the operations of a record; with too many for the number of files, none is named, and each may be the one.
    init(_ record: InputsRecord, files: Int) {
        let (pairs, isTooMany) = files.multipliedReportingOverflow(by: record.operations.count)
        isOpaque = record.isOpaque || record.recipe != nil || isTooMany || pairs > InputLimit.comparedPairs
        if isOpaque { return }
        for operation in record.operations {
            let isRun = operation["kind"]?.string == "run"
            var sources: [JSONValue] = []
            if isRun {
                for mount in operation["mounts"]?.array ?? [] where (mount["from"] ?? .null) == .null {
                    guard mount["source"] != nil || mount["type"]?.string == "bind" else { continue }
                    sources.append(mount["source"] ?? ".")
                }
            } else if (operation["from"] ?? .null) == .null {
                sources = operation["sources"]?.array ?? []
            }
            if sources.isEmpty || operation["tree"] == nil { continue }
            add(operation, sources, isRun, record.dockerfile)
        }
    }

    private mutating func add(_ operation: JSONValue, _ sources: [JSONValue], _ isRun: Bool, _ file: String) {
        var paths: [RelativePath] = []
        var patterns: [GoPattern] = []
        var takesAll = false
        for source in sources {
            guard let text = source.string, text.utf8.count <= 4096 else {
                // Values of an unlocked base image: it may be any file.
                if source["text"] != nil || source.string != nil { takesAll = true }
                continue
            }
            var path = RelativePath(percentEncoded: text)
            if path.bytes.first == UInt8(ascii: "/") { path.bytes.removeFirst() }
            if path == "." { path = "" }
            if !isRun, GoPattern.isWildcard(path.bytes) {
                if operation["flags"]?["parents"] != nil { takesAll = true }
                if let pattern = try? GoPattern(path.bytes) { patterns.append(pattern) }
            } else {
                paths.append(path)
            }
        }
        let chmod = operation["flags"]?["chmod"]?.string ?? ""
        let isOctal = !chmod.isEmpty && chmod.utf8.allSatisfy { (48...55).contains($0) }
        steps.append(
            Step(
                instruction: .init(
                    text: operation["text"]?.string ?? "", file: file, line: Int(operation["line"]?.integer ?? 0)),
                paths: paths, patterns: patterns, countsMode: !isOctal, takesAll: takesAll))
    }

    private func steps(reaching path: RelativePath) -> [Step] {
        steps.filter { step in
            if step.takesAll || step.paths.contains(where: path.isInside) { return true }
            if step.patterns.isEmpty { return false }
            var current: RelativePath? = path
            while let candidate = current, !candidate.bytes.isEmpty {
                if step.patterns.contains(where: { $0.matches(candidate) }) { return true }
                current = candidate.parent
            }
            return false
        }
    }

    /// Whether any operation takes the file.
    func reaches(_ path: RelativePath) -> Bool { isOpaque || !steps(reaching: path).isEmpty }

    /// Whether the file's mode counts for an operation that takes it.
    func countsMode(_ path: RelativePath) -> Bool { isOpaque || steps(reaching: path).contains(where: \.countsMode) }

    /// The instructions that take the file.
    func instructions(_ path: RelativePath) -> [Reason.Instruction] { steps(reaching: path).map(\.instruction) }
}
