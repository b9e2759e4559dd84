import Foundation
import Hashing
import JSON
import SystemPackage
import TestSupport
import Testing

/// `--json` of the LFS verbs: one document on stdout, everything else on stderr, and never a login.
@Suite(.enabled(if: Requirements.tools("git")))
struct VerbDocumentTests {
    private func withClone(_ body: (Sandbox) async throws -> Void) async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.run("git", ["init", "-q", "--bare", "srv.git"]).check()
            try await sandbox.run("git", ["init", "-q", "w"]).check()
            try await sandbox.run("git", ["remote", "add", "origin", "../srv.git"], in: "w").check()
            try await sandbox.run("cache-image", ["lfs", "install"], in: "w").check()
            try sandbox.write("w/.gitattributes", "*.tar filter=lfs -text\n")
            try sandbox.write("w/a.tar", "first")
            try await sandbox.run("git", ["add", "."], in: "w").check()
            try await sandbox.run("git", ["commit", "-qm", "one"], in: "w").check()
            try await body(sandbox)
        }
    }

    private func document(
        _ sandbox: Sandbox, _ words: String..., in folder: String = "w", status: Int32 = 0
    ) async throws -> JSONValue {
        let result = try await sandbox.run("cache-image", ["lfs"] + words + ["--json"], in: folder).check(status)
        return try JSONValue(parsing: result.outputBytes)
    }

    private let oid = SHA256Digest(of: "first".utf8).hexadecimal

    @Test func transfersAreListed() async throws {
        try await withClone { sandbox in
            let planned = try await document(sandbox, "push", "--dry-run", "origin", "main")
            #expect(planned["transfers"]?.array?.first?["status"]?.string == "planned")
            let push = try await document(sandbox, "push", "origin", "main")
            let sent = try #require(push["transfers"]?.array?.first)
            #expect(sent["name"]?.string == "a.tar")
            #expect(sent["oid"]?.string == oid)
            #expect(sent["size"]?.integer == 5)
            #expect(sent["to"]?.string?.hasSuffix("srv.git") ?? false)
            #expect(sent["path"]?.string?.hasSuffix(oid) ?? false)
            #expect(sent["status"]?.string == "transferred")
            #expect(try await document(sandbox, "push", "origin", "main")["transfers"]?.array?.isEmpty ?? false)

            try await sandbox.run("git", ["push", "-q", "origin", "main"], in: "w").check()
            try await sandbox.run(
                "git", ["clone", "-q", "srv.git", "c"], environment: ["GIT_LFS_SKIP_SMUDGE": "1"]
            ).check()
            try await sandbox.run("cache-image", ["lfs", "install"], in: "c").check()
            let fetch = try await document(sandbox, "fetch", "--dry-run", in: "c")
            #expect(fetch["transfers"]?.array?.first?["status"]?.string == "planned")
            let pull = try await document(sandbox, "pull", in: "c")
            #expect(pull["transfers"]?.array?.first?["status"]?.string == "transferred")
            #expect(pull["transfers"]?.array?.first?["from"]?.string?.hasSuffix("srv.git") ?? false)
            #expect(try sandbox.text("c/a.tar") == "first")
            #expect(try await document(sandbox, "fetch", in: "c")["transfers"]?.array?.isEmpty ?? false)

            try await sandbox.run("rm", ["-r", "srv.git/lfs", "c/.git/lfs/objects"]).check()
            let failed = try await document(sandbox, "fetch", in: "c", status: 2)
            #expect(failed["transfers"]?.array?.first?["error"]?.string == "missing")
        }
    }

    @Test func pruneFsckCheckoutAndKeysSayWhatTheyFind() async throws {
        try await withClone { sandbox in
            try await sandbox.run("git", ["push", "-q", "origin", "main"], in: "w").check()
            let prune = try await document(sandbox, "prune", "--dry-run")
            #expect(prune["local"]?.integer == 1)
            #expect(prune["retained"]?.integer == 1)
            #expect(prune["pruned"]?.array?.isEmpty ?? false)
            #expect(prune["dryRun"]?.bool == true)
            #expect(try await document(sandbox, "fsck")["ok"]?.bool == true)
            #expect(try await document(sandbox, "cache-key")["oids"]?.array == [.string(oid)])
            try await sandbox.run("rm", ["a.tar"], in: "w").check()
            let checkout = try await document(sandbox, "checkout")
            #expect(checkout["files"]?.array?.first?["name"]?.string == "a.tar")
            #expect(checkout["files"]?.array?.first?["status"]?.string == "written")
            let object = "w/.git/lfs/objects/\(oid.prefix(2))/\(oid.dropFirst(2).prefix(2))/\(oid)"
            try sandbox.write(object, "fxrst")
            let fsck = try await document(sandbox, "fsck", status: 1)
            #expect(fsck["ok"]?.bool == false)
            #expect(fsck["problems"]?.array?.first?["kind"]?.string == "corruptObject")
            #expect(fsck["problems"]?.array?.first?["oid"]?.string == oid)
        }
    }

    @Test func programsThatWatchAreToldOfEachObject() async throws {
        try await withClone { sandbox in
            let log = sandbox.path("progress").string
            let environment = ["GIT_LFS_PROGRESS": log]
            for words in [["push", "origin", "main"], ["checkout"]] {
                try await sandbox.run("cache-image", ["lfs"] + words, in: "w", environment: environment).check()
                try await sandbox.run("rm", ["-f", "a.tar"], in: "w").check()
            }
            try await sandbox.run("rm", ["-r", ".git/lfs/objects"], in: "w").check()
            try await sandbox.run("cache-image", ["lfs", "pull"], in: "w", environment: environment).check()
            #expect(
                try sandbox.text("progress")
                    == "upload 1/1 5/5 a.tar\ncheckout 1/1 5/5 a.tar\ndownload 1/1 5/5 a.tar\ncheckout 1/1 5/5 a.tar\n")
        }
    }

    @Test func environmentHidesLogins() async throws {
        try await withClone { sandbox in
            try await sandbox.run(
                "git", ["config", "remote.origin.url", "https://user:s3cret@example.org/x"], in: "w"
            ).check()
            let result = try await sandbox.run(
                "cache-image", ["lfs", "env", "--json"], in: "w",
                environment: ["GIT_CONFIG_PARAMETERS": "'http.extraheader=Authorization: s3cret'"]
            ).check()
            #expect(!result.output.contains("s3cret"))
            let document = try JSONValue(parsing: result.outputBytes)
            #expect(
                document["endpoints"]?.array?.first?["url"]?.string == "https://user:***@example.org/x.git/info/lfs")
            #expect(document["endpoints"]?.array?.first?["auth"]?.string == "none")
            #expect(document["settings"]?["PruneRemoteName"]?.string == "origin")
        }
    }

    @Test func aPointerIsADocumentToo() async throws {
        try await withClone { sandbox in
            let pointer = try await document(sandbox, "pointer", "--file", "a.tar")
            #expect(pointer["oid"]?.string == oid)
            #expect(pointer["size"]?.integer == 5)
        }
    }
}
