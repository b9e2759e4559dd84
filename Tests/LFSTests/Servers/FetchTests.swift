import HTTP
import JSON
import LFS
import SystemPackage
import TestSupport
import Testing

@Suite(.enabled(if: ScriptServer.isAvailable))
struct FetchTests {
    private func failure(_ fixture: FaultServer, _ objects: TransferObject...) async throws -> LFSError {
        let client = try fixture.client()
        do {
            try await client.fetch(objects)
        } catch let error as LFSError {
            #expect(try fixture.storedFiles().filter { $0.hasPrefix("objects") || $0.hasPrefix("tmp") } == [])
            return error
        }
        throw NoError()
    }

    struct NoError: Error {}

    @Test func anObjectArrivesWholeAndOnlyItIsAskedFor() async throws {
        try await FaultServer.with { fixture in
            let wanted = try await fixture.add("an image")
            _ = try await fixture.add("another image")
            let progress = Recorder<TransferProgress>()
            try await fixture.client().fetch([wanted, wanted, TransferObject(.empty)]) { progress.add($0) }
            let store = try fixture.client().store
            #expect(store.holds(wanted.pointer))
            #expect(try fixture.storedFiles().count == 1)
            #expect(progress.values.last?.finishedBytes == 8)
            #expect(progress.values.last?.finishedObjects == 1)
            let batches = try fixture.batches
            #expect(batches.count == 1)
            #expect(
                batches.first?["body"]?.normalized.text
                    == #"{"hash_algo":"sha256","objects":[{"oid":"\#(wanted.pointer.oid.hexadecimal)","size":8}],"#
                    + #""operation":"download","ref":{"name":"refs/heads/main"}}"#)
            #expect(batches.first?["headers"]?["Accept"] == "application/vnd.git-lfs+json")
            #expect(batches.first?["headers"]?["Content-Type"] == "application/vnd.git-lfs+json")
        }
    }

    @Test func whatIsHereIsNotAskedFor() async throws {
        try await FaultServer.with { fixture in
            let wanted = try fixture.store("an image")
            try await fixture.client().fetch([wanted])
            try await fixture.client(isOffline: true).fetch([wanted])
            #expect(try fixture.server.requests().isEmpty)
        }
    }

    @Test func offlineNeverConnects() async throws {
        try await FaultServer.with { fixture in
            let wanted = try await fixture.add("an image")
            let client = try fixture.client(isOffline: true)
            let error = await #expect(throws: LFSError.self) { try await client.fetch([wanted]) }
            #expect(error?.kind == .missing)
            #expect(try fixture.batches.isEmpty)
        }
    }

    @Test func aDetachedHeadLeavesTheRefOut() async throws {
        try await FaultServer.with { fixture in
            let wanted = try await fixture.add("an image")
            try await fixture.git("commit", "-q", "--allow-empty", "-m", "x")
            try await fixture.git("checkout", "-q", "--detach")
            try await fixture.client().fetch([wanted])
            let batches = try fixture.batches
            #expect(batches.first?["body"]?["ref"] == nil)
            #expect(batches.first?["body"]?["transfers"] == nil)
        }
    }

    @Test func manyObjectsGoInBatchesOfOneHundred() async throws {
        try await FaultServer.with { fixture in
            var objects: [TransferObject] = []
            for number in 0..<250 { objects.append(try await fixture.add("object \(number)")) }
            try await fixture.client().fetch(objects)
            #expect(try fixture.batches.map { $0["body"]?["objects"]?.array?.count } == [100, 100, 50])
            let store = try fixture.client().store
            #expect(objects.allSatisfy { store.holds($0.pointer) })
        }
    }

    @Test func aServerThatWantsSmallerBatchesGetsThem() async throws {
        try await FaultServer.with { fixture in
            var objects: [TransferObject] = []
            for number in 0..<10 { objects.append(try await fixture.add("object \(number)")) }
            try await fixture.behave(["max_objects": 3])
            try await fixture.client().fetch(objects)
            #expect(try fixture.batches.map { $0["body"]?["objects"]?.array?.count } == [10, 5, 2, 2, 2, 2, 2])
        }
    }

    @Test(arguments: [
        ("flip", "have the SHA-256"), ("short", "sends 4 bytes of 8"), ("long", "more than 8 bytes"),
    ])
    func wrongBytesAreCorruptAndNotKept(fault: String, reason: String) async throws {
        try await FaultServer.with { fixture in
            let wanted = try await fixture.add("an image")
            try await fixture.behave(.object([.init(fault, true)]))
            let error = try await failure(fixture, wanted)
            #expect(error.kind == .corrupt)
            #expect(error.description.contains(reason))
            try await fixture.behave([:])
            try await fixture.client().fetch([wanted])
            #expect(try fixture.storedFiles().count == 1)
        }
    }

    @Test func aConnectionThatBreaksIsTakenUpWhereItBroke() async throws {
        try await FaultServer.with { fixture in
            let wanted = try await fixture.add(String(repeating: "0123456789", count: 1000))
            try await fixture.behave(["cut": true, "cut_times": 1, "range": true])
            try await fixture.client().fetch([wanted])
            let ranges = try fixture.transfers.map { $0["headers"]?["Range"]?.string }
            #expect(ranges == [nil, "bytes=5000-9999"])
            #expect(fixture.waits.values == [.milliseconds(250)])
        }
    }

    @Test(arguments: [JSONValue.bool(true), .bool(false), "wrong", "refused"])
    func anEarlierDownloadIsContinued(range: JSONValue) async throws {
        try await FaultServer.with { fixture in
            let text = String(repeating: "0123456789", count: 1000)
            let wanted = try await fixture.add(text)
            let name = wanted.pointer.oid.hexadecimal
            try fixture.sandbox.write("w/.git/lfs/incomplete/\(name).part", String(text.prefix(4000)))
            try await fixture.behave(.object([.init("range", range)]))
            try await fixture.client().fetch([wanted])
            #expect(try fixture.transfers.first?["headers"]?["Range"] == "bytes=4000-9999")
            #expect(try fixture.transfers.count == (range.bool == nil ? 2 : 1))
            #expect(try fixture.storedFiles().count == 1)
        }
    }

    @Test func wrongBytesOfAnEarlierDownloadCostOneMoreRequest() async throws {
        try await FaultServer.with { fixture in
            let text = String(repeating: "0123456789", count: 1000)
            let wanted = try await fixture.add(text)
            let name = wanted.pointer.oid.hexadecimal
            try fixture.sandbox.write("w/.git/lfs/incomplete/\(name).part", String(repeating: "x", count: 4000))
            try await fixture.behave(["range": true])
            try await fixture.client().fetch([wanted])
            #expect(try fixture.transfers.map { $0["headers"]?["Range"]?.string } == ["bytes=4000-9999", nil])
            #expect(try fixture.storedFiles().count == 1)
        }
    }

    @Test func bytesOfAKilledProgramAreTakenUp() async throws {
        try await FaultServer.with { fixture in
            let text = String(repeating: "0123456789", count: 1000)
            let wanted = try await fixture.add(text)
            let name = wanted.pointer.oid.hexadecimal
            try fixture.sandbox.write("w/.git/lfs/incomplete/\(name)-4194399-7", String(text.prefix(6000)))
            try await fixture.behave(["range": true])
            try await fixture.client().fetch([wanted])
            #expect(try fixture.transfers.first?["headers"]?["Range"] == "bytes=6000-9999")
            #expect(try fixture.storedFiles().count == 1)
        }
    }

    @Test func downloadsOfOneObjectAtOnceDoNotMix() async throws {
        try await FaultServer.with { fixture in
            let wanted = try await fixture.add(String(repeating: "0123456789", count: 10000))
            try await fixture.behave(["slow": 1])
            try await withThrowingTaskGroup { group in
                for _ in 0..<4 { group.addTask { try await fixture.client().fetch([wanted]) } }
                try await group.waitForAll()
            }
            #expect(try fixture.storedFiles().count == 1)
        }
    }

    @Test(arguments: ["ftp://example.org/x", "http://exa mple.org/", "-", ""])
    func anAddressThatIsNoneIsAServerError(href: String) async throws {
        try await FaultServer.with { fixture in
            let wanted = try await fixture.add("an image")
            let oid = wanted.pointer.oid.hexadecimal
            let answer = #"{"objects":[{"oid":"\#(oid)","size":8,"actions":{"download":{"href":"\#(href)"}}}]}"#
            try await fixture.behave(["raw": .string(answer)])
            #expect(try await failure(fixture, wanted).kind == .network)
        }
    }

    @Test func aFailedDownloadLeavesItsBytesForTheNext() async throws {
        try await FaultServer.with { fixture in
            let wanted = try await fixture.add(String(repeating: "0123456789", count: 1000))
            try await fixture.behave(["cut": true, "range": false])
            #expect(try await failure(fixture, wanted).kind == .network)
            #expect(try fixture.storedFiles() == ["incomplete/\(wanted.pointer.oid.hexadecimal).part"])
            #expect(fixture.waits.values.count == 7)
            #expect(fixture.waits.values.last == .seconds(10))
        }
    }

    @Test func aMissingObjectIsNamedWithItsPath() async throws {
        try await FaultServer.with { fixture in
            let error = try await failure(fixture, fixture.object("never uploaded"))
            #expect(error.kind == .missing)
            #expect(error.description.hasPrefix("cannot fetch LFS object "))
            #expect(error.description.contains("(docker-cache/a.tar): the server says: Object does not exist (404)"))
        }
    }

    @Test func anAnswerWithoutActionIsAMissingObject() async throws {
        try await FaultServer.with { fixture in
            let wanted = try await fixture.add("an image")
            try await fixture.behave(["no_action": true])
            #expect(try await failure(fixture, wanted).kind == .missing)
        }
    }

    @Test func allMissingAndAWrongRepositoryAreToldApart() async throws {
        try await FaultServer.with { fixture in
            let wanted = fixture.object("an image")
            try await fixture.behave(["batch_status": 404, "batch_message": "Object does not exist"])
            #expect(try await failure(fixture, wanted).kind == .missing)
            try await fixture.behave(["batch_status": 404, "batch_kind": "text/html"])
            let error = try await failure(fixture, wanted)
            #expect(error.kind == .configuration)
            #expect(error.description.contains("does not know the repository"))
        }
    }

    @Test func oneFailureDoesNotStopTheOthers() async throws {
        try await FaultServer.with { fixture in
            let wanted = try await fixture.add("an image")
            let outcomes = try await fixture.client().outcomes(ofFetching: [fixture.object("not there"), wanted])
            #expect(outcomes.compactMap(\.error).map(\.kind) == [.missing])
            #expect(try fixture.storedFiles().count == 1)
        }
    }

    @Test func nobodyThereIsANetworkErrorThatSaysAll() async throws {
        try await FaultServer.with { fixture in
            try await fixture.git("config", "lfs.url", "http://user:secret@127.0.0.1:1/x")
            let error = try await failure(fixture, fixture.object("an image"))
            #expect(error.kind == .network)
            #expect(
                error.description.contains("(docker-cache/a.tar): cannot reach http://127.0.0.1:1: connection refused"))
            #expect(error.hint != nil)
            #expect(!"\(error)".contains("secret"))
            #expect(fixture.waits.values.count == 2)
        }
    }
}
