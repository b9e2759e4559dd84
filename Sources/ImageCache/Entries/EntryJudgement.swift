import Hashing
import Records

/// How an entry's files stand to a key: its state, and why it cannot be used.
struct EntryJudgement: Equatable {
    var state: EntryState
    var reasons: [Reason]

    /// Judges files that were looked at.
    ///
    /// - Parameters:
    ///   - files: What was seen of them.
    ///   - key: The present key.
    ///   - names: What the record and the sidecar are called in reasons.
    ///   - keyReasons: Why the record has another key; only asked for where it has.
    init(_ files: EntryFiles, key: SHA256Digest, names: EntryPaths, keyReasons: (InputsRecord) -> [Reason]) {
        let recorded = files.record.content
        var causes = recorded.flatMap { $0.key == key ? nil : keyReasons($0) } ?? []
        if case .outdated(let rules) = files.record {
            causes = [Reason(.keyRulesChanged, old: rules, new: InputsRecord.currentAlgorithm)]
        }
        if let defect = files.archive.defect(against: recorded?.provenance) {
            self.init(defect.state, [files.isEmpty ? Reason(.entryMissing) : defect.reason] + causes)
            return
        }
        // Of an older program's record nothing else is read.
        if case .outdated = files.record {
            self.init(.stale, causes)
            return
        }
        let reasons = causes + Self.complaints(of: files, names)
        self.init(reasons.isEmpty ? files.archive.soundState : .stale, reasons)
    }

    private init(_ state: EntryState, _ reasons: [Reason]) {
        self.state = state
        self.reasons = reasons
    }

    /// What is wrong with record and sidecar.
    private static func complaints(of files: EntryFiles, _ names: EntryPaths) -> [Reason] {
        var reasons: [Reason] = []
        switch files.record {
        case .missing, .outdated: reasons.append(Reason(.recordMissing))
        case .damaged(let text): reasons.append(Reason(.recordMissing, new: text))
        case .conflicted: reasons.append(Reason(.conflictMarkers, path: names.record.lastComponent?.string))
        case .present(let head):
            if head.provenance == nil { reasons.append(Reason(.recordMissing, new: "it names no archive")) }
        }
        switch files.sidecar {
        case .missing, .outdated: reasons.append(Reason(.sidecarMissing))
        case .damaged(let text): reasons.append(Reason(.sidecarMismatch, new: text))
        case .conflicted: reasons.append(Reason(.conflictMarkers, path: names.sidecar.lastComponent?.string))
        case .present(let md5):
            if let recorded = files.record.content, recorded.md5 != md5 {
                reasons.append(Reason(.sidecarMismatch, old: recorded.md5, new: md5))
            }
        }
        return reasons
    }

    /// The same where the lock of base images cannot be read.
    func adding(_ complaint: InputsError, about name: String?) -> EntryJudgement {
        let damage = complaint.kind == .damagedDocument ? complaint.description : nil
        return EntryJudgement(
            state.isUsable ? .stale : state, reasons + [Reason(.conflictMarkers, path: name, new: damage)])
    }
}
