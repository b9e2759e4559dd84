import Configuration
import LFS
import SystemCalls

/// Which versions of images stay on this machine, and which go: a decision about facts, which touches nothing.
public struct RetentionPlan: Sendable {
    /// Why a version is more than the limits allow.
    public enum Excess: Hashable, Sendable {
        /// No older versions are kept.
        case notKept
        /// There are so many newer ones of its image.
        case count(Int)
        /// It was not used for so many days.
        case age(days: Int)
        /// All versions together are larger.
        case size(Size)
    }

    /// Why a version stays.
    public enum Keeping: Hashable, Sendable {
        /// Something in Git needs it; the words for `needed by`.
        case needed(String)
        /// It is within the limits.
        case allowed
        /// It is beyond a limit, and cannot be had again.
        case irreplaceable(Excess)
        /// It is beyond a limit, and whether it can be had again has to be asked.
        case unproven(Excess)
    }

    /// A version that stays.
    public struct Kept: Hashable, Sendable {
        /// The version.
        public let version: ImageVersion
        /// Why it stays.
        public let reason: Keeping
    }

    /// A version that goes.
    public struct Removed: Hashable, Sendable {
        /// The version.
        public let version: ImageVersion
        /// Why it goes.
        public let reason: Excess
    }

    /// What stays, newest first in each image.
    public private(set) var kept: [Kept] = []
    /// What goes, in the same order.
    public private(set) var removed: [Removed] = []
    /// What all versions may take.
    public let bound: Size

    /// Decides.
    ///
    /// - Parameters:
    ///   - versions: All versions on this machine.
    ///   - limits: How much is kept.
    ///   - now: The time, in seconds since 1970.
    public init(_ versions: [ImageVersion], _ limits: StorageLimits, now: Int64) {
        bound = Size(limits.maximumBytes)
        var excess: [ImageVersion: Excess] = [:]
        var ordered: [ImageVersion] = []
        let images = Dictionary(grouping: versions, by: \.path)
        for (_, found) in images.sorted(by: { $0.key < $1.key }) {
            let newest = found.sorted { ($1.lastUse, $0.order) < ($0.lastUse, $1.order) }
            ordered += newest
            for (rank, version) in newest.enumerated() where version.need == nil {
                excess[version] = Self.excess(version, rank: rank, limits, now: now)
            }
        }
        // What is left may still be too large together: the longest unused go first.
        var total = ordered.filter { !Self.goes($0, excess) }.total(\.pointer.size)
        for version in ordered.sorted(by: { ($0.lastUse, $1.order) < ($1.lastUse, $0.order) })
        where total > bound && version.need == nil && excess[version] == nil {
            excess[version] = .size(bound)
            if Self.goes(version, excess) { total = total - version.pointer.size }
        }
        for version in ordered {
            if let reason = excess[version], Self.goes(version, excess) {
                removed.append(Removed(version: version, reason: reason))
            } else {
                kept.append(Kept(version: version, reason: Self.keeping(version, excess[version])))
            }
        }
    }

    /// The limit that one version alone is beyond.
    private static func excess(_ version: ImageVersion, rank: Int, _ limits: StorageLimits, now: Int64) -> Excess? {
        if !limits.isEnabled { return .notKept }
        if rank >= limits.maximumCount { return .count(limits.maximumCount) }
        return days(since: version.lastUse, now) >= limits.retentionDays ? .age(days: limits.retentionDays) : nil
    }

    /// Whole days since a time, whatever time a file system tells.
    static func days(since time: Int64, _ now: Int64) -> Int { Int((Size(now) - Size(time)).bytes / 86_400) }

    private static func goes(_ version: ImageVersion, _ excess: [ImageVersion: Excess]) -> Bool {
        guard excess[version] != nil, case .holding = version.server else { return false }
        return true
    }

    private static func keeping(_ version: ImageVersion, _ excess: Excess?) -> Keeping {
        if let need = version.need { return .needed(need.text) }
        guard let excess else { return .allowed }
        if case .unproven = version.server { return .unproven(excess) }
        return .irreplaceable(excess)
    }

    // MARK: Sums

    /// What all versions take that stay.
    public var keptSize: Size { kept.total(\.version.pointer.size) }

    /// What goes takes.
    public var removedSize: Size { removed.total(\.version.pointer.size) }

    /// Whether what has to stay is more than the bound.
    public var exceedsBound: Bool { keptSize > bound }

    /// The versions whose servers have to be asked before more can go.
    var questions: [ImageVersion] {
        kept.compactMap { if case .unproven = $0.reason { $0.version } else { nil } }
    }
}

extension RetentionPlan.Excess {
    /// The words for messages.
    public var text: String {
        switch self {
        case .notKept: "older versions are not kept"
        case .count(let count): "it has \(count) newer versions"
        case .age(let days): "not used for \(days) days"
        case .size: "all together are more than max_size_gb"
        }
    }
}

extension RetentionPlan.Keeping {
    /// The words for messages.
    public var text: String {
        switch self {
        case .needed(let what): "needed by \(what)"
        case .allowed: "within the limits"
        case .irreplaceable(let excess): "\(excess.text), but no remote is known to have it"
        case .unproven(let excess): "\(excess.text), but the server was not asked"
        }
    }
}
