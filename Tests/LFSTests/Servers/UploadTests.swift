import Foundation
import JSON
import LFS
import TestSupport
import Testing

@testable import GitLFSCommands

@Suite(.enabled(if: ScriptServer.isAvailable))
struct UploadTests {
    @Test func whatTheServerLacksIsSent() async throws {
        try await FaultServer.with { fixture in
            let there = try await fixture.add("there")
            _ = try fixture.store("there")
            let new = try fixture.store("a new image")
            let outcomes = try await fixture.client().outcomes(ofPushing: [there, new])
            #expect(outcomes.compactMap(\.error).isEmpty)
            #expect(try await fixture.serverObjects().contains(new.pointer.oid.hexadecimal))
            let puts = try fixture.transfers
            #expect(puts.count == 1)
            #expect(puts.first?["method"] == "PUT")
            #expect(puts.first?["headers"]?["Content-Length"] == "11")
            #expect(puts.first?["headers"]?["Content-Type"] == "application/octet-stream")
            #expect(puts.first?["headers"]?["Authorization"] == nil)
            // Once more: the server has everything.
            try await fixture.client().push([there, new])
            #expect(try fixture.transfers.count == 1)
        }
    }

    @Test func headersOfTheActionAreSent() async throws {
        try await FaultServer.with { fixture in
            let new = try fixture.store("a new image")
            try await fixture.behave([
                "put_status": 201,
                "action_header": [
                    "Transfer-Encoding": "chunked", "Content-Type": "application/x-tar", "X-Amz-Meta": "1",
                    "Content-Length": "9999",
                ],
            ])
            try await fixture.client().push([new])
            let headers = try fixture.transfers.first?["headers"]
            #expect(headers?["Transfer-Encoding"] == "chunked")
            #expect(headers?["Content-Type"] == "application/x-tar")
            #expect(headers?["X-Amz-Meta"] == "1")
            #expect(try await fixture.serverObjects().count == 1)
        }
    }

    @Test func verifyIsCalledAndTriedAgain() async throws {
        try await FaultServer.with { fixture in
            let new = try fixture.store("a new image")
            try await fixture.behave(["verify": true, "verify_status": 500, "verify_status_times": 2])
            try await fixture.client().push([new])
            #expect(try fixture.requests("/verify").count == 3)
            #expect(try fixture.requests("/verify").first?["headers"]?["X-Verify"] == "yes")
            try await fixture.behave(["verify": true, "verify_status": 422])
            let other = try fixture.store("another image")
            let error = try await fixture.client().outcomes(ofPushing: [other]).first?.error
            #expect(error?.operation == "verify the upload of")
            #expect(try fixture.requests("/verify").count == 6)
        }
    }

    @Test(arguments: [
        ("storage_status", 403, LFSError.Kind.authentication, 3), ("storage_status", 422, .failed, 1),
        ("storage_status", 413, .quota, 1), ("storage_status", 507, .quota, 1), ("storage_status", 500, .network, 8),
        ("batch_status", 507, .quota, 0), ("batch_status", 403, .authentication, 0),
    ])
    func everyRefusalHasItsClass(place: String, status: Int64, kind: LFSError.Kind, puts: Int) async throws {
        try await FaultServer.with { fixture in
            let new = try fixture.store("a new image")
            try await fixture.behave(.object([.init(place, .integer(status))]))
            let error = try await fixture.client().outcomes(ofPushing: [new]).first?.error
            #expect(error?.kind == kind, "\(error?.description ?? "")")
            #expect(try fixture.transfers.count == puts)
        }
    }

    @Test func aTokenThatDiesEarlyIsRenewedWithoutAQuestion() async throws {
        try await FaultServer.with { fixture in
            let new = try fixture.store("a new image")
            try await fixture.behave(["storage_status": 401, "storage_status_times": 1])
            try await fixture.client().push([new])
            #expect(try fixture.batches.count == 2)
            #expect(try await fixture.serverObjects().count == 1)
        }
    }

    @Test func aDamagedObjectIsNeverUploaded() async throws {
        try await FaultServer.with { fixture in
            let new = try fixture.store("a new image")
            let file = try ObjectStore(fixture.repository()).path(of: new.pointer.oid).string
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file)
            try Data("a bad image".utf8).write(to: URL(fileURLWithPath: file))
            let error = try await fixture.client().outcomes(ofPushing: [new]).first?.error
            #expect(error?.kind == .corrupt)
            #expect(try await fixture.serverObjects().isEmpty)
        }
    }

    @Test func aMissingObjectMattersOnlyWhereTheServerLacksIt() async throws {
        try await FaultServer.with { fixture in
            let there = try await fixture.add("there")
            let gone = fixture.object("gone")
            let outcomes = try await fixture.client().outcomes(ofPushing: [there, gone])
            #expect(outcomes.compactMap(\.error).map(\.kind) == [.missing])
            #expect(outcomes.first { $0.error != nil }?.object == gone)
        }
    }

    @Test func aMissingObjectKeepsTheOthersBackUnlessThatIsAllowed() async throws {
        try await FaultServer.with { fixture in
            let here = try fixture.store("here")
            let gone = fixture.object("gone")
            let refused = try await fixture.client().outcomes(ofPushing: [here, gone])
            #expect(refused.compactMap(\.error).map(\.kind) == [.missing])
            #expect(try await fixture.serverObjects().isEmpty)
            try await fixture.git("config", "lfs.allowincompletepush", "true")
            let allowed = try await fixture.client().outcomes(ofPushing: [here, gone])
            #expect(allowed.compactMap(\.error).map(\.kind) == [.missing])
            #expect(try await fixture.serverObjects().count == 1)
        }
    }

    @Test func locksWarnRememberOrStop() async throws {
        try await FaultServer.with { fixture in
            try fixture.sandbox.write("w/docker-cache/a.tar", "an image")
            try fixture.sandbox.write("w/.gitattributes", "*.tar filter=lfs -text\n")
            let object = try fixture.store("an image")
            try fixture.sandbox.write("w/docker-cache/a.tar", bytes: object.pointer.encoded)
            try await fixture.sandbox.run(
                "git", ["-c", "filter.lfs.clean=cat", "-c", "filter.lfs.process=", "add", "."], in: "w"
            ).check()
            try await fixture.sandbox.run(
                "git", ["-c", "filter.lfs.clean=cat", "-c", "filter.lfs.process=", "commit", "-qm", "x"], in: "w"
            ).check()
            try await fixture.git("remote", "add", "origin", fixture.server.url + "/repo")
            var verb = PushVerb()
            verb.remote = "origin"
            verb.names = ["main"]
            verb.all = true
            let theirs: JSONValue = [
                ["id": "1", "path": "docker-cache/a.tar", "locked_at": "x", "owner": ["name": "Eve"]]
            ]
            let key = "lfs.\(fixture.url).locksverify"
            for (behaviour, setting, status, text) in [
                (
                    ["locks_status": 404] as JSONValue, nil as String?, 0 as Int32,
                    "does not support the Git LFS locking API"
                ),
                (["locks_status": 400], nil, 0, "does not support the Git LFS locking API"),
                (["locks_status": 400], "true", 2, "does not support the Git LFS locking API"),
                (["theirs": theirs], nil, 0, "WARNING: The above files would have halted this push."),
                (["theirs": theirs], "true", 2, "ERROR: Cannot update locked files."),
                (["theirs": theirs], "false", 0, ""),
                (["theirs": []], nil, 0, "Locking support detected on remote"),
                (["theirs": []], "true", 0, ""),
                (["locks_status": 501], nil, 0, ""),
            ] {
                if let setting { try await fixture.git("config", key, setting) }
                try await fixture.behave(behaviour)
                let lines = Recorder<String>()
                let console = VerbConsole(print: { lines.add($0) }, complain: { lines.add($0) })
                #expect(try await verb.run(fixture.repository(), console) == status)
                let said = lines.values.filter { !$0.hasPrefix("Uploading LFS objects: 100% (1/1), 8 B | ") }
                #expect(
                    text.isEmpty == said.isEmpty && (text.isEmpty || said.joined(separator: "\n").contains(text)),
                    "\(behaviour.text) \(said)")
                if setting != nil { try await fixture.git("config", "--unset", key) }
            }
            #expect(try await fixture.git("config", key).output == "false\n")
        }
    }
}
