import Hashing
import Testing

@testable import Configuration
@testable import Git
@testable import ImageCache
@testable import LFS
@testable import SystemCalls

/// Which versions stay: a table of facts and what is decided of them.
@Suite struct RetentionPlanTests {
    private static let day: Int64 = 86_400
    private static let now: Int64 = 1_800_000_000

    /// A version of `a.tar`, by name, age in days and megabytes.
    private static func version(
        _ name: String, days: Int64, megabytes: Int64 = 10, need: ObjectNeed? = nil,
        server: ImageVersion.Server = .holding("origin"), path: RelativePath = "c/a.tar", order: Int = 0
    ) -> ImageVersion {
        ImageVersion(
            path: path, pointer: Pointer(oid: SHA256Digest(of: name.utf8), size: Size(megabytes * 1_000_000)),
            lastUse: now - days * day, order: order, need: need, server: server)
    }

    private static func limits(
        count: Int = 100, gigabytes: Double = 100, days: Int = 100, isEnabled: Bool = true
    ) -> StorageLimits {
        var limits = StorageLimits()
        limits.maximumCount = count
        limits.maximumGigabytes = gigabytes
        limits.retentionDays = days
        limits.isEnabled = isEnabled
        return limits
    }

    /// What became of versions: their ages in days, with the reason.
    private static func outcome(_ versions: [ImageVersion], _ limits: StorageLimits) -> [String] {
        let plan = RetentionPlan(versions, limits, now: now)
        func age(_ version: ImageVersion) -> Int64 { (now - version.lastUse) / day }
        let lines =
            plan.kept.map { (age($0.version), "\(age($0.version)) kept: \($0.reason.text)") }
            + plan.removed.map { (age($0.version), "\(age($0.version)) removed: \($0.reason.text)") }
        return lines.sorted { $0.0 < $1.0 }.map(\.1)
    }

    private static let four = (0..<4).map { version("v\($0)", days: Int64($0 * 10)) }

    @Test(
        arguments: [
            (
                "nothing is beyond a limit", four, limits(),
                [
                    "0 kept: within the limits", "10 kept: within the limits", "20 kept: within the limits",
                    "30 kept: within the limits",
                ]
            ),
            (
                "the oldest go by count", four, limits(count: 2),
                [
                    "0 kept: within the limits", "10 kept: within the limits", "20 removed: it has 2 newer versions",
                    "30 removed: it has 2 newer versions",
                ]
            ),
            (
                "none is kept by count 0", four, limits(count: 0),
                [
                    "0 removed: it has 0 newer versions", "10 removed: it has 0 newer versions",
                    "20 removed: it has 0 newer versions", "30 removed: it has 0 newer versions",
                ]
            ),
            (
                "the old go by days", four, limits(days: 20),
                [
                    "0 kept: within the limits", "10 kept: within the limits", "20 removed: not used for 20 days",
                    "30 removed: not used for 20 days",
                ]
            ),
            (
                "the oldest go by size", four, limits(gigabytes: 0.025),
                [
                    "0 kept: within the limits", "10 kept: within the limits",
                    "20 removed: all together are more than max_size_gb",
                    "30 removed: all together are more than max_size_gb",
                ]
            ),
            (
                "exactly the size is allowed", four, limits(gigabytes: 0.04),
                [
                    "0 kept: within the limits", "10 kept: within the limits", "20 kept: within the limits",
                    "30 kept: within the limits",
                ]
            ),
            (
                "where none is kept, all go", four, limits(isEnabled: false),
                [
                    "0 removed: older versions are not kept", "10 removed: older versions are not kept",
                    "20 removed: older versions are not kept", "30 removed: older versions are not kept",
                ]
            ),
        ] as [(String, [ImageVersion], StorageLimits, [String])])
    func aLimitTakesTheOldest(_ what: String, versions: [ImageVersion], limits: StorageLimits, lines: [String]) {
        #expect(Self.outcome(versions, limits) == lines, "\(what)")
        #expect(Self.outcome(versions.reversed(), limits) == lines, "\(what), in another order")
    }

    @Test(
        arguments: [
            (.unpushed, "a commit that is not pushed"), (.stash, "a stash"), (.worktree, "a checkout"),
            (.staged, "the index"), (.branch("main"), "branch main"), (.tag("v1"), "tag v1"),
            (.commit(of: "main"), "a late commit of main"), (.recent, "a recent commit"),
        ] as [(ObjectNeed, String)])
    func whatGitNeedsStaysWhateverTheLimits(need: ObjectNeed, text: String) {
        let versions = [Self.version("a", days: 500, need: need), Self.version("b", days: 400)]
        for limits in [
            Self.limits(count: 0), Self.limits(gigabytes: 0), Self.limits(days: 0), Self.limits(isEnabled: false),
        ] {
            let plan = RetentionPlan(versions, limits, now: Self.now)
            #expect(plan.kept.map(\.reason) == [.needed(text)])
            #expect(plan.removed.map(\.version) == [versions[1]])
            #expect(plan.exceedsBound == (limits.maximumBytes == 0))
        }
    }

    @Test(
        arguments: [
            (.notPushed, .irreplaceable(.age(days: 5))), (.lacking, .irreplaceable(.age(days: 5))),
            (.unproven(["origin"]), .unproven(.age(days: 5))),
        ] as [(ImageVersion.Server, RetentionPlan.Keeping)])
    func whatNoRemoteIsKnownToHaveStays(server: ImageVersion.Server, reason: RetentionPlan.Keeping) {
        let version = Self.version("a", days: 5, server: server)
        let plan = RetentionPlan([version], Self.limits(days: 5), now: Self.now)
        #expect(plan.kept == [.init(version: version, reason: reason)])
        #expect(plan.removed.isEmpty)
        #expect(plan.questions.isEmpty == (reason != .unproven(.age(days: 5))))
    }

    /// A version that has to stay makes room for none: the next oldest goes in its place.
    @Test func theSizeIsReachedByThoseThatMayGo() {
        let versions = [
            Self.version("old", days: 30, server: .notPushed), Self.version("middle", days: 20),
            Self.version("new", days: 10), Self.version("needed", days: 40, need: .stash),
        ]
        let plan = RetentionPlan(versions, Self.limits(gigabytes: 0.03), now: Self.now)
        #expect(plan.removed.map(\.version) == [versions[1]])
        #expect(plan.keptSize == 30_000_000 && !plan.exceedsBound)
        let narrow = RetentionPlan(versions, Self.limits(gigabytes: 0.01), now: Self.now)
        #expect(narrow.removed.map(\.version) == [versions[2], versions[1]])
        #expect(narrow.exceedsBound)
    }

    @Test func theCountIsThatOfEachImage() {
        let versions = [
            Self.version("a1", days: 1), Self.version("a2", days: 2),
            Self.version("b1", days: 1, path: "c/b.tar"), Self.version("b2", days: 2, path: "c/b.tar"),
        ]
        let plan = RetentionPlan(versions, Self.limits(count: 1), now: Self.now)
        #expect(Set(plan.removed.map(\.version)) == [versions[1], versions[3]])
    }

    /// Objects that came at once, by a fetch of everything, are as old as Git says.
    @Test func theHistoryOrdersWhatCameAtOnce() {
        let versions = (0..<3).map { Self.version("v\($0)", days: 0, order: 2 - $0) }
        let plan = RetentionPlan(versions, Self.limits(count: 1), now: Self.now)
        #expect(plan.kept.map(\.version) == [versions[2]])
    }

    @Test func timesOfTheFutureAndSizesBeyondAllNumbersTrapNowhere() {
        let far = ImageVersion(
            path: "a", pointer: Pointer(oid: .zero, size: Size(.max)), lastUse: .max, order: 0, server: .notPushed)
        let past = ImageVersion(
            path: "a", pointer: Pointer(oid: SHA256Digest(of: "x".utf8), size: Size(.max)), lastUse: .min, order: 1,
            server: .holding("o"))
        let plan = RetentionPlan([far, past], Self.limits(gigabytes: 1), now: Self.now)
        #expect(plan.kept.map(\.version) == [far])
    }

    @Test func anImageOfTheEngineGoesOnlyWhereItIsOursAndOfNoUse() {
        let old = OldImage(isOurs: true, isPresent: false, isUsed: false, names: [])
        #expect(old.reason(declared: []) == "it is of an older key, without a name")
        func changed(_ change: (inout OldImage) -> Void) -> String? {
            var image = old
            change(&image)
            return image.reason(declared: ["localhost/app:latest"])
        }
        #expect(changed { $0.isOurs = false } == nil)
        #expect(changed { $0.isPresent = true } == nil)
        #expect(changed { $0.isUsed = true } == nil)
        #expect(changed { $0.names = ["localhost/mine:1"] } == nil)
        #expect(changed { $0.names = ["localhost/app:latest", "localhost/mine:1"] } == nil)
        #expect(changed { $0.names = ["localhost/app:latest"] } == "it is localhost/app:latest of an older key")
    }
}
