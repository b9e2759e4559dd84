/// What a command wants of an image.
public enum Wish: Hashable, Sendable, CaseIterable {
    /// That it is up to date.
    case current
    /// That it is up to date already: nothing is built, restored, saved or staged.
    case frozen
    /// That it is built, whatever its key says.
    case rebuilt
}

/// What is done about an image, judged from what was seen of its entry and from nothing else.
enum Decision: Hashable, Sendable {
    /// The entry is used: the engine gets the image where it lacks it.
    case use
    /// The entry is used, and Git gets what it lacks of it.
    case useAndStage
    /// An older entry of the key is brought back; where there is none, the image is built.
    case restore
    /// The image is built, and stored where it has an entry.
    case build
    /// Nothing is done.
    case refuse(Refusal)

    /// Why nothing is done.
    enum Refusal: Hashable, Sendable {
        /// It has no entry.
        case notCached
        /// Its entry is not that of the present inputs.
        case unusable(EntryState)
    }

    /// What was seen of an entry.
    struct Entry: Hashable, Sendable {
        /// How it stands to the present inputs.
        var state: EntryState
        /// Whether Git lacks something of it.
        var isUnstaged = false
        /// Whether reading the archive showed that it is damaged, whatever its state.
        var isDamaged = false
    }

    /// Judges.
    ///
    /// - Parameters:
    ///   - wish: What the command wants.
    ///   - entry: What was seen of the entry; nil for an image that has none (`cache: false`).
    static func judge(_ wish: Wish, _ entry: Entry?) -> Decision {
        guard let entry else { return wish == .frozen ? .refuse(.notCached) : .build }
        let isUsable = entry.state.isUsable && !entry.isDamaged
        switch wish {
        case .rebuilt: return .build
        case .frozen: return entry.state.isUsable ? .use : .refuse(.unusable(entry.state))
        case .current: return isUsable ? (entry.isUnstaged ? .useAndStage : .use) : .restore
        }
    }

    /// Whether it writes to the cache, so that no other command may do so meanwhile.
    var needsLock: Bool {
        switch self {
        case .use, .refuse: false
        case .useAndStage, .restore, .build: true
        }
    }
}
