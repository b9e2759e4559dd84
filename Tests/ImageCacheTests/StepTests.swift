import Configuration
import Hashing
import JSON
import Records
import SystemCalls
import SystemPackage
import TestSupport
import Testing

@testable import ImageCache

/// Which steps are offered and kept, without an engine.
@Suite struct StepTests {
    private static func record(_ states: [String], isOpaque: Bool = false) -> InputsRecord {
        var record = InputsRecord()
        record.operations = states.map { ["stage": "0", "state": .string($0)] }
        if isOpaque { record.extra = ["opaque": []] }
        return record
    }

    @Test(
        arguments: [
            (["a", "b", "c"], ["a", "b", "x"], 2), (["a", "b"], ["a", "b"], 2), (["a"], ["x"], 0), (["a"], [], 0),
            ([], ["a"], 0),
            // Stages stand one after the other, and each has a chain of its own.
            (["a", "b", "p", "q"], ["a", "x", "p", "q"], 3),
        ] as [([String], [String], Int)])
    func operationsAreSharedByTheLinksOfTheChain(_ wanted: [String], _ made: [String], _ shared: Int) {
        #expect(StepMatch.shared(Self.record(wanted), with: Self.record(made)) == shared)
    }

    @Test func whatIsNotUnderstoodMayShareSomething() {
        let opaque = Self.record([], isOpaque: true)
        #expect(StepMatch.shared(opaque, with: opaque) == .max)
        #expect(StepMatch.shared(opaque, with: Self.record(["a"])) == 0)
        #expect(StepMatch.shared(Self.record(["a"]), with: opaque) == 0)
    }

    @Test(
        arguments: [([], nil), ([0], 0), ([1, 3, 2], 1), ([2, 2], 0), ([0, 0, 1], 2)] as [([Int], Int?)])
    func theNearestOfThoseThatShareMostIsTaken(_ shared: [Int], _ best: Int?) {
        #expect(StepMatch.best(shared) == best)
    }

    @Test(
        arguments: [
            (["b"], 0, true), (["b", "1"], 0, false), (["b", "1"], 1, true), (["b", "1", "2"], 1, false), ([], 0, true),
            // Its base image is not among those that are kept.
            (["x", "1"], 1, false), (["x", "1"], 2, true), (["x", "1"], .max, true),
        ] as [([String], Int, Bool)])
    func imagesAboveTheSharedOperationsAreOfNoUse(_ layers: [String], _ shared: Int, _ isOfUse: Bool) {
        let digests = layers.map { SHA256Digest(of: Array($0.utf8)) }
        let bases = [[SHA256Digest(of: Array("b".utf8))]]
        #expect(StepMatch.isOfUse(digests, above: bases, shared: shared) == isOfUse)
    }

    @Test func baseImagesThatWouldCostLayersAreKeptOnlyWithAll() {
        func digest(_ text: String) -> SHA256Digest { SHA256Digest(of: Array(text.utf8)) }
        let own = StepMaterial.Base(reference: "own", id: digest("own"), diffIDs: [digest("1")])
        let other = StepMaterial.Base(reference: "other", id: digest("other"), diffIDs: [digest("9")])
        let layers = [digest("1"), digest("2")]
        for (mode, kept) in [(.final, ["own"]), (.all, ["own", "other"])] as [(ImageDeclaration.Steps, [String])] {
            let material = StepMaterial(builder: "podman", bases: [own, other], mode: mode)
            #expect(material.keptBases(beside: layers).map(\.reference) == kept, "\(mode)")
        }
    }

    @Test func notesOfLoadedImagesAreOfOneEngineAndBounded() async throws {
        try await Sandbox.with { sandbox in
            let path = sandbox.path("state/steps.json")
            let ids = (0..<3).map { SHA256Digest(of: [$0]) }
            var notes = StepNotes(path)
            notes.note(ids, in: "podman")
            notes.note([ids[0]], in: "docker")
            notes.note([ids[0]], in: "podman")
            notes.save()
            #expect(StepNotes(path).images(in: "podman") == [ids[1], ids[2], ids[0]])
            #expect(StepNotes(path).images(in: "docker") == [ids[0]])
            var again = StepNotes(path)
            again.forget([ids[1]], in: "podman")
            again.note((0..<StepNotes.capacity).map { SHA256Digest(of: Array("\($0)".utf8)) }, in: "podman")
            again.save()
            #expect(StepNotes(path).images(in: "podman").count == StepNotes.capacity)
            try sandbox.write("state/steps.json", "[1, {")
            #expect(StepNotes(path).images(in: "podman").isEmpty)
            StepNotes(nil).save()
        }
    }

    @Test func aRecordOfAnotherFormIsNone() {
        let id = SHA256Digest(of: [1])
        let steps = StepsRecord(
            archiveDigest: id, archiveSize: 5, builder: "podman", engine: "podman 4.3.1", bases: ["a:1": id],
            images: [id, SHA256Digest(of: [2])])
        #expect(StepsRecord(steps.json) == steps)
        for (name, value) in [
            ("format", 2), ("archive", .null), ("images", ["sha256:1"]), ("images", .null), ("builder", 3),
            ("bases", ["a:1": "x"]),
        ] as [(String, JSONValue)] {
            let members = (steps.json.members ?? []).map { $0.name == name ? .init(name, value) : $0 }
            #expect(StepsRecord(.object(members)) == nil, "\(name)")
        }
        var provenance = Provenance(imageID: id, archiveDigest: id, archiveSize: 7, layers: [], origin: .built)
        #expect(provenance.json["steps"] == nil)
        provenance.steps = steps
        #expect(Provenance(provenance.json) == provenance)
    }
}
