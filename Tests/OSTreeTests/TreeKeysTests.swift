import OSPackages
import SystemPackage
import TestSupport
import Testing

@testable import OSTemplate
@testable import OSTree

/// What keys are made of, which earlier tree is the nearest, and why a snapshot is not used.
@Suite("Trees: keys, choice, reasons") struct TreeKeysTests {
    @Test func eachPartOfTheBaseCounts() {
        let template = TreeSamples.template()
        var other = template
        other.basePackages = ["?essential", "apt"]
        var elsewhere = template
        elsewhere.provider = Provider(os: "debian", dist: "trixie", arch: "amd64", family: .deb)
        let base = TreeSamples.resolution(["a", "b"], [])
        var newer = base
        newer.base[0].version = "2"
        var rebuilt = base
        rebuilt.base[0].sha256 = TreeSamples.package("x").sha256
        let keys = [
            TreeKeys.base(template, base), TreeKeys.base(other, base), TreeKeys.base(elsewhere, base),
            TreeKeys.base(template, newer), TreeKeys.base(template, rebuilt),
            TreeKeys.base(template, TreeSamples.resolution(["a"], [])),
            TreeKeys.base(template, TreeSamples.resolution(["a", "b"], [], signers: ["B2"])),
        ]
        #expect(Set(keys).count == keys.count)
        #expect(keys.allSatisfy { $0.count == 64 && $0 == $0.lowercased() })
        #expect(keys[0] == TreeKeys.base(template, TreeSamples.resolution(["b", "a"], ["c"])))
    }

    @Test func eachPartOfTheSystemCounts() async throws {
        try await Sandbox.with { sandbox in
            try sandbox.write("file", "one")
            let resolution = TreeSamples.resolution(["a"], ["b"])
            func key(_ change: (inout SystemConfig) -> Void) throws -> String {
                var system = SystemConfig()
                system.additionalFiles = [.init(local: sandbox.path("file"), final: "/etc/file")]
                change(&system)
                return try TreeKeys.rootfs(TreeSamples.template(system), resolution)
            }
            var keys = [
                try key { _ in }, try key { $0.hostname = "edge" }, try key { $0.configurations = ["true"] },
                try key { $0.users = [.init(name: "op")] }, try key { $0.users = [.init(name: "op", sudo: true)] },
                try key { $0.users = [.init(name: "op", passwordHash: "$6$a$b")] },
                try key { $0.additionalFiles[0].final = "/etc/other" },
            ]
            try sandbox.write("file", "two")
            keys.append(try key { _ in })
            try sandbox.write("file", "two", permissions: 0o755)
            keys.append(try key { _ in })
            #expect(Set(keys).count == keys.count)
        }
    }

    private func record(_ extras: [String], base: String = "k", used: Int64 = 0, kind: TreeRecord.Kind = .packages)
        -> TreeRecord
    {
        TreeRecord(
            kind: kind, key: extras.joined(), baseKey: base, recipe: 1, list: [], signers: ["A1"],
            packages: extras.map { TreeRecord.Part(TreeSamples.package($0)) }, sha256: .zero, size: 0, used: used)
    }

    @Test func theNearestHasTheMostOfTheWantedAndNothingElse() {
        let wanted = ["a", "b", "c"].map { TreeRecord.Part(TreeSamples.package($0)) }
        let records = [
            record(["a"]), record(["a", "b"], used: 1), record(["a", "c"], used: 2), record(["a", "b", "c", "d"]),
            record(["a", "b", "c"], base: "other"), record(["a", "b", "c"], kind: .rootfs),
        ]
        let found = NearestTree.candidates(records, baseKey: "k", wanted: wanted)
        #expect(found.map(\.key) == ["ac", "ab", "a"])
        var newer = wanted
        newer[0].version = "2"
        #expect(NearestTree.candidates(records, baseKey: "k", wanted: newer).isEmpty)
    }

    @Test func theLastUsedOfEachKindStay() {
        let records = (0..<6).map { record(["p\($0)"], used: Int64($0)) } + [record(["r"], kind: .rootfs)]
        #expect(Set(NearestTree.surplus(records, keeping: 4).map(\.key)) == ["p0", "p1"])
    }

    @Test func aRecordIsReadAsItWasWritten() async throws {
        try await Sandbox.with { sandbox in
            var written = record(["a"])
            written.key = TreeKeys.base(TreeSamples.template(), TreeSamples.resolution([], []))
            try written.write(sandbox.path("record.json"))
            #expect(TreeRecord.read(sandbox.path("record.json")) == written)
            for text in ["", "{}", "[1]", #"{"kind":"base","key":"../../x"}"#] {
                try sandbox.write("record.json", text)
                #expect(TreeRecord.read(sandbox.path("record.json")) == nil)
            }
        }
    }

    @Test func reasonsNameWhatDiffers() {
        func reason(_ change: (inout TreeRecord) -> Void) -> String? {
            var new = record(["apt", "bash", "curl"])
            change(&new)
            if new != record(["apt", "bash", "curl"]) { new.key = "new" }
            return ChrootReason.difference(from: record(["apt", "bash", "curl"]), to: new)
        }
        #expect(reason { _ in } == nil)
        #expect(reason { $0.recipe = 2 } == "made by another version of this program")
        #expect(reason { $0.signers = [] } == "keys of the repositories changed")
        #expect(reason { $0.packages[0].version = "2" } == "apt 1 → 2")
        #expect(reason { $0.packages.removeLast() } == "curl is gone")
        #expect(
            reason {
                $0.packages[0].version = "2"
                $0.packages[1].sha256 = "0"
            } == "apt 1 → 2 and 1 more")
        #expect(reason { $0.list = ["apt"] } == "the list of the base tree changed")
    }
}
