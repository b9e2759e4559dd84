import JSON
import SystemCalls
import SystemPackage
import Testing

@testable import CacheImageCommands
@testable import Engines

/// What `doctor` makes of what it sees.
@Suite struct DoctorTests {
    private static let huge = UInt64.max

    @Test(
        arguments: [
            (huge, huge, huge, nil, 8 << 30, [.ok]), (64, huge, huge, nil, nil, [.warning]),
            (huge, 50, huge, nil, nil, [.warning]), (huge, huge, 1 << 20, nil, nil, [.warning]),
            (huge, huge, huge, 256 << 20, nil, [.warning]), (huge, huge, huge, 64 << 20, 8 << 30, [.problem]),
            (huge, huge, huge, nil, 100 << 20, [.warning]), (64, 50, huge, nil, nil, [.warning, .warning]),
        ] as [(UInt64, UInt64, UInt64, Int64?, Int64?, [Diagnosis.State])])
    func limits(
        files: UInt64, processes: UInt64, fileSize: UInt64, group: Int64?, available: Int64?, states: [Diagnosis.State]
    ) {
        let found = Doctor.limits(
            files: files, processes: processes, fileSize: fileSize, group: group, available: available)
        #expect(found.map(\.state) == states)
    }

    @Test(
        arguments: [
            (0, [], .problem), (1_796_000_000, [], .ok), (1_796_000_000, [("a", 1_796_000_200)], .ok),
            (1_796_000_000, [("a", 1_796_009_000), ("b", 5)], .warning),
        ] as [(Int64, [(String, Int64)], Diagnosis.State)])
    func clock(now: Int64, seen: [(String, Int64)], state: Diagnosis.State) {
        let found = Doctor.clock(now: now, seen: seen.map { (name: $0.0, time: $0.1) })
        #expect(found.state == state)
        if state == .warning { #expect(found.text.hasPrefix("a is of a time 2 h 30 min ahead")) }
    }

    @Test(
        arguments: [
            (100 << 30, nil, false, 0, .ok), (1 << 30, nil, false, 0, .warning), (1 << 20, nil, false, 0, .problem),
            (5 << 30, nil, false, 4 << 30, .warning), (3 << 30, nil, false, 4 << 30, .problem),
            (100 << 30, 5, false, 0, .problem), (0, nil, true, 0, .warning), (100 << 30, nil, false, .max, .problem),
        ] as [(Int64, Int64?, Bool, Int64, Diagnosis.State)])
    func disk(available: Int64, files: Int64?, isReadOnly: Bool, largest: Int64, state: Diagnosis.State) {
        let space = DiskSpace(available: available, files: files, isReadOnly: isReadOnly)
        #expect(Doctor.disk("a", "/a", space, largest: largest).state == state)
    }

    @Test func aFolderOfSomebodyElseIsGivenBackByACommand() throws {
        let folder = try #require(try FileStatus.of("/"))
        func found(user: UInt32, mayWrite: Bool) -> Diagnosis? {
            Doctor.permission("/a b", folder, user: user, group: 7, mayWrite: mayWrite)
        }
        #expect(found(user: folder.owner, mayWrite: true) == nil)
        #expect(found(user: folder.owner, mayWrite: false)?.fix == "chmod u+rwx '/a b'")
        #expect(found(user: folder.owner + 5, mayWrite: false)?.fix == "sudo chown -R \(folder.owner + 5):7 '/a b'")
    }

    @Test(
        arguments: [
            ("ann:100000:65536\n", "1000:1:65536", true, true, [.ok]), ("bob:1:2\n", "ann:1:2", true, true, [.problem]),
            ("ann:1:2", "ann:1:2", false, true, [.problem]), ("ann:1:2", "ann:1:2", true, false, [.warning]),
            ("", "", false, false, [.problem, .problem, .warning]), ("ann\nx", "ann:1:2", true, true, [.problem]),
        ] as [(String, String, Bool, Bool, [Diagnosis.State])])
    func userNamespaces(users: String, groups: String, maps: Bool, network: Bool, states: [Diagnosis.State]) {
        let found = Doctor.rootless(
            name: "ann", user: 1000, users: users, groups: groups, maps: maps, network: network)
        #expect(found.map(\.state) == states)
    }

    @Test func anEngineIsAProblemOnlyWhereItIsWanted() {
        func answer(_ dialect: Dialect, absent: Bool) -> EngineSearch.Answer {
            let attempt = EngineSearch.Attempt(
                dialect: dialect, reason: absent ? "not on PATH" : "silent", isAbsent: absent, remedy: "start it")
            return EngineSearch.Answer(wanted: dialect, finding: nil, isRemembered: false, attempts: [attempt])
        }
        func states(absent: Bool, isWanted: Bool) -> [Diagnosis.State] {
            Doctor.engine(.docker, answer(.docker, absent: absent), isUsed: false, isWanted: isWanted).map(\.state)
        }
        #expect(states(absent: true, isWanted: false) == [])
        #expect(states(absent: true, isWanted: true) == [.problem])
        #expect(states(absent: false, isWanted: false) == [.warning])
        #expect(states(absent: false, isWanted: true) == [.problem])
    }

    @Test func aProbeThatStartsNothingSaysWhatTheEngineSaid() {
        let none = Doctor.containers(ProbeReport(use: "runs", abilities: nil, complaint: "no cgroups"))
        #expect(none.state == .problem && none.text == "no container starts for runs: no cgroups")
        let reduced = Doctor.containers(ProbeReport(use: "runs", abilities: "the host's network only", isReduced: true))
        #expect(reduced.state == .warning && reduced.text == "runs: the host's network only")
        #expect(Doctor.containers(ProbeReport(use: "builds", abilities: "all")).state == .ok)
    }

    @Test func aLineHasItsStateAndItsFix() {
        let problem = Diagnosis.problem(.disk, "full\nof it", fix: "make room")
        #expect(problem.lines.map { $0.rendered(colored: false) } == ["problem disk: full; of it", "  fix: make room"])
        #expect(Diagnosis.ok(.git, "git").lines.count == 1)
        #expect(problem.json["fix"] == "make room" && problem.json["fixable"] == false)
    }
}
