import Records
import SystemCalls
import SystemPackage

/// Something that `verify` found wrong with an entry.
public struct Finding: Hashable, Sendable {
    /// The part of an entry that is wrong.
    public enum Part: String, Sendable, CaseIterable {
        /// The archive in the work tree.
        case archive
        /// The archive's object in the LFS object store.
        case object
        /// The archive's pointer in the work tree.
        case pointer
        /// The steps archive, wherever it is.
        case steps
        case record
        case sidecar
        /// The lock of base images.
        case lock
    }

    /// What makes it right.
    public enum Repair: String, Sendable, CaseIterable {
        /// The file of the work tree and the object are copies of each other, or the server has the object.
        case fetch = "fetch"
        /// It is written anew from what the record says.
        case rewrite = "rewrite"
        /// Git has it.
        case takeFromGit = "take from Git"
        /// `update` brings the entry up to date.
        case update = "update"
    }

    /// The part.
    public let part: Part
    /// What is wrong, a sentence without a period.
    public let text: String
    /// Whether bytes are not as they were written; else something is missing, or of an older program.
    public let isDamage: Bool
    /// What makes it right.
    public let repair: Repair

    init(_ part: Part, _ text: String, isDamage: Bool = true, _ repair: Repair) {
        self.part = part
        self.text = text
        self.isDamage = isDamage
        self.repair = repair
    }

    /// The finding that a reason of `status` is; nil for one about inputs.
    init?(_ reason: Reason) {
        let text = reason.description
        switch reason.name {
        case .entryMissing: self.init(.archive, text, isDamage: false, .update)
        case .archiveMissing: self.init(.archive, text, isDamage: false, .fetch)
        case .archiveSize: self.init(.archive, text, .fetch)
        case .archiveUnusable:
            // A link or pipe is replaced; what is in a folder is not lost.
            self.init(.archive, text, reason.new == FileStatus.Kind.directory.complaint ? .update : .fetch)
        case .pointerMismatch: self.init(.pointer, text, .rewrite)
        case .recordMissing: self.init(.record, text, isDamage: reason.new != nil, .takeFromGit)
        case .sidecarMissing: self.init(.sidecar, text, isDamage: false, .rewrite)
        case .sidecarMismatch: self.init(.sidecar, text, .rewrite)
        case .conflictMarkers:
            let isLock = reason.path?.hasPrefix("bases.lock") ?? false
            let isDamaged = reason.new != nil
            self.init(
                isLock ? .lock : .record, text, isDamage: isDamaged, isLock && isDamaged ? .takeFromGit : .update)
        default: return nil
        }
    }
}
