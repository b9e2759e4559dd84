import Foundation
import Git
import SystemPackage
import TestSupport
import Testing

@testable import LFS

/// What a committed file says of places: servers, and no folder of this machine.
@Suite struct CommittedPlaceTests {
    @Test(
        arguments: [
            ("[lfs]\n\turl = https://host/x\n", nil), ("[lfs]\n\turl = ssh://host/x\n", nil),
            ("[lfs]\n\turl = git@host:x.git\n", nil), ("[lfs]\n\tfetchexclude = a\n", nil),
            ("[lfs]\n\turl = ./evil\n", ".lfsconfig:2: lfs.url"), ("\n[lfs]\n\turl = /evil\n", ".lfsconfig:3: lfs.url"),
            ("[lfs]\n\turl = evil\n", ".lfsconfig:2: lfs.url"), ("[lfs]\n\turl = .\n", ".lfsconfig:2: lfs.url"),
            ("[lfs]\n\turl = file:///evil\n", ".lfsconfig:2: lfs.url"),
            ("[lfs]\n\turl = FILE://x/y\n", ".lfsconfig:2: lfs.url"),
            ("[lfs]\n\tpushurl = ../x\n", ".lfsconfig:2: lfs.pushurl"),
            ("[lfs]\n\turl = ext::sh\n", ".lfsconfig:2: lfs.url"),
            ("[remote \"a\"]\n\tlfsurl = ./x:y\n", ".lfsconfig:2: remote.a.lfsurl"),
            ("[lfs]\n\tstorage = /evil\n", ".lfsconfig:2: lfs.storage"),
        ] as [(String, String?)])
    func onlyServersAreNamed(text: String, place: String?) throws {
        let committed = try GitConfiguration(parsing: Array(text.utf8), file: ".lfsconfig")
        let configuration = LFSConfiguration(git: GitConfiguration(entries: []), lfsconfig: committed)
        #expect(configuration.refusal()?.object == place)
        #expect(configuration.usableURL == (place == nil ? configuration.string("lfs.url") : nil))
        // What this clone says itself is not the file's any more.
        let own = try GitConfiguration(
            parsing: Array(text.replacingOccurrences(of: "[lfs]\n", with: "[lfs]\n\n").utf8), file: "config")
        #expect(LFSConfiguration(git: own, lfsconfig: committed).refusal() == nil)
    }

    @Test func aFolderOfACommitIsNoServer() async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.makeLFSRepository()
            let pointer = try sandbox.store(Array("hello".utf8))
            try sandbox.write("repo/x.tar", bytes: pointer.encoded)
            try sandbox.write("repo/evil/HEAD", "")
            try sandbox.write("repo/evil/config", "[lfs]\n\tstorage = \(sandbox.path("outside"))\n")
            try sandbox.write("repo/.lfsconfig", "[lfs]\n\turl = ./evil\n")
            try await sandbox.git("add", "-A")
            try await sandbox.git("commit", "-qm", "second")
            let object = TransferObject(pointer)
            let client = try LFSClient(sandbox.openRepository())
            for body in [
                { try await client.push([object]) }, { _ = try await client.missing([object]) },
            ] as [() async throws -> Void] {
                await #expect(throws: LFSError.self) { try await body() }
            }
            try sandbox.write("repo/host:path/HEAD", "")
            let text = Array("[lfs]\n\turl = host:path\n".utf8)
            let named = LFSConfiguration(
                git: GitConfiguration(entries: []), lfsconfig: try GitConfiguration(parsing: text, file: ".lfsconfig"))
            for (base, isRefused) in [("repo", true), ("home", false)] {
                let finder = EndpointFinder(named, base: sandbox.path(base), branch: nil)
                #expect((finder.refusal != nil) == isRefused)
            }
            // A remote of the user's own does not choose another place either.
            try FileManager.default.removeItem(atPath: sandbox.path("repo/.lfsconfig").string)
            try await sandbox.git("rm", "-q", "--cached", ".lfsconfig")
            try await sandbox.git("commit", "-qm", "third")
            try await sandbox.git("config", "lfs.url", "./evil")
            await #expect(throws: LFSError.self) { try await LFSClient(sandbox.openRepository()).push([object]) }
            #expect(!FileManager.default.fileExists(atPath: sandbox.path("outside").string))
        }
    }
}
