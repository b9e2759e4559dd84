import Hashing
import JSON
import LFS
import SystemPackage
import TestSupport
import Testing

/// This program and git-lfs, in both directions, through a real server.
@Suite(.enabled(if: GiftlessServer.isAvailable), .serialized)
struct RealServerTests {
    private let image = [UInt8]((0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) })
    private let other = [UInt8]((0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 7) })

    private func oid(_ bytes: [UInt8]) -> String { SHA256Digest(of: bytes).hexadecimal }

    @Test(arguments: GiftlessServer.Mode.allCases)
    func whatThisProgramPushesGitLFSClones(mode: GiftlessServer.Mode) async throws {
        try await GiftlessServer.with(mode) { fixture in
            try await fixture.publish(["a.tar": image, "b.tar": other], in: "u")
            let puts = try fixture.requests("PUT").count
            #expect(puts == 2)
            let environment = try await fixture.withGitLFS()
            try await fixture.sandbox.run("git", ["clone", "-q", "demo.git", "r"], environment: environment).check()
            #expect(try fixture.sandbox.read("r/docker-cache/a.tar") == image)
            #expect(try fixture.sandbox.read("r/docker-cache/b.tar") == other)
            let status = try await fixture.sandbox.run(
                "git", ["status", "--porcelain"], in: "r", environment: environment)
            #expect(try status.check().output == "")
            let fsck = try await fixture.sandbox.run("git", ["lfs", "fsck"], in: "r", environment: environment)
            #expect(fsck.output == "Git LFS fsck OK\n")
            // The server has all: nothing is sent again.
            try await fixture.sandbox.run("cache-image", ["lfs", "push", "--all", "origin"], in: "u").check()
            #expect(try fixture.requests("PUT").count == puts)
            if mode == .local { #expect(try !fixture.requests("POST", "/verify").isEmpty) }
        }
    }

    @Test(arguments: GiftlessServer.Mode.allCases)
    func whatGitLFSPushesThisProgramPulls(mode: GiftlessServer.Mode) async throws {
        try await GiftlessServer.with(mode) { fixture in
            let environment = try await fixture.withGitLFS()
            try await fixture.sandbox.run("git", ["init", "-q", "r"]).check()
            try await fixture.sandbox.run("git", ["remote", "add", "origin", "../demo.git"], in: "r").check()
            for name in [".gitattributes", ".lfsconfig"] {
                try fixture.sandbox.write("r/\(name)", bytes: fixture.sandbox.read("u/\(name)"))
            }
            try await fixture.sandbox.run("git", ["lfs", "install", "--local"], in: "r", environment: environment)
                .check()
            try await fixture.publish(["a.tar": image, "b.tar": other], in: "r", environment: environment)
            // A clone without any LFS filter holds pointers.
            try await fixture.sandbox.run("git", ["clone", "-q", "demo.git", "c"]).check()
            #expect(try fixture.sandbox.text("c/docker-cache/a.tar").hasPrefix("version https://git-lfs"))
            let before = try fixture.requests("GET").count
            try await fixture.sandbox.run(
                "cache-image", ["lfs", "fetch", "-I", "docker-cache/b.tar"], in: "c"
            ).check()
            #expect(try fixture.requests("GET").count == before + 1)
            #expect(try fixture.requests("GET").last?["path"]?.string?.contains(oid(other)) == true)
            try await fixture.sandbox.run("cache-image", ["lfs", "install"], in: "c").check()
            try await fixture.sandbox.run("cache-image", ["lfs", "pull"], in: "c").check()
            #expect(try fixture.sandbox.read("c/docker-cache/a.tar") == image)
            let status = try await fixture.sandbox.run("git", ["status", "--porcelain"], in: "c")
            #expect(try status.check().output == "")
            // From now on no server is needed.
            let requests = try fixture.server.requests().count
            try await fixture.sandbox.run("cache-image", ["lfs", "pull", "--offline"], in: "c").check()
            #expect(try fixture.server.requests().count == requests)
        }
    }

    @Test(arguments: GiftlessServer.Mode.allCases)
    func downloadsAreTakenUpFromEachOther(mode: GiftlessServer.Mode) async throws {
        try await GiftlessServer.with(mode) { fixture in
            try await fixture.publish(["a.tar": image], in: "u")
            let part = "lfs/incomplete/\(oid(image)).part"
            try await fixture.sandbox.run("git", ["clone", "-q", "demo.git", "c"]).check()
            try fixture.sandbox.write("c/.git/\(part)", bytes: Array(image.prefix(100_000)))
            try await fixture.sandbox.run("cache-image", ["lfs", "fetch"], in: "c").check()
            #expect(try fixture.sandbox.read("c/.git/lfs/objects/\(path(image))") == image)
            let get = try fixture.requests("GET", oid(image)).last
            #expect(get?["headers"]?["Range"] == "bytes=100000-299999")
            #expect(get?["status"]?.integer == (mode == .s3 ? 206 : 200))
            // And git-lfs goes on where this program stopped.
            let environment = try await fixture.withGitLFS()
            try await fixture.sandbox.run("git", ["clone", "-q", "demo.git", "d"]).check()
            try fixture.sandbox.write("d/.git/\(part)", bytes: Array(image.prefix(100_000)))
            try await fixture.sandbox.run("git", ["lfs", "fetch"], in: "d", environment: environment).check()
            #expect(try fixture.sandbox.read("d/.git/lfs/objects/\(path(image))") == image)
        }
    }

    private func path(_ bytes: [UInt8]) -> String {
        let name = oid(bytes)
        return "\(name.prefix(2))/\(name.dropFirst(2).prefix(2))/\(name)"
    }

    @Test func aDetachedHeadIsFetchedFor() async throws {
        try await GiftlessServer.with(.local) { fixture in
            try await fixture.publish(["a.tar": image], in: "u")
            try await fixture.sandbox.run("git", ["clone", "-q", "demo.git", "c"]).check()
            try await fixture.sandbox.run("git", ["checkout", "-q", "--detach"], in: "c").check()
            try await fixture.sandbox.run("cache-image", ["lfs", "fetch"], in: "c").check()
            #expect(try fixture.sandbox.read("c/.git/lfs/objects/\(path(image))") == image)
        }
    }

    @Test func allMissingAndAWrongRepositorySaySo() async throws {
        try await GiftlessServer.with(.local) { fixture in
            try await fixture.publish(["a.tar": image], in: "u")
            try await fixture.sandbox.run("git", ["clone", "-q", "demo.git", "c"]).check()
            try await fixture.sandbox.run("sh", ["-c", "find objects -type f -delete"]).check()
            let missing = try await fixture.sandbox.run("cache-image", ["lfs", "fetch"], in: "c")
            #expect(missing.status == 2)
            #expect(missing.error.contains("docker-cache/a.tar"), "\(missing)")
            try await fixture.sandbox.run("git", ["config", "lfs.url", fixture.server.url + "/nowhere"], in: "c")
                .check()
            let wrong = try await fixture.sandbox.run("cache-image", ["lfs", "fetch"], in: "c")
            #expect(wrong.error.contains("does not know the repository"), "\(wrong)")
        }
    }

    @Test func loginsAreStoredOnceAndStorageSeesNone() async throws {
        try await GiftlessServer.with(.s3) { fixture in
            try await fixture.publish(["a.tar": image], in: "u")
            let batches = try fixture.requests("POST", "/objects/batch")
            #expect(batches.first?["status"]?.integer == 401)
            #expect(batches.first?["headers"]?["Authorization"] == nil)
            #expect(try fixture.requests("PUT", at: "s3").allSatisfy { $0["headers"]?["Authorization"] == nil })
            let access = try await fixture.sandbox.run("git", ["config", "lfs.\(fixture.url).access"], in: "u")
            #expect(access.output == "basic\n")
            let token = try fixture.sandbox.text("objects/token")
            let traced = try await fixture.sandbox.run("cache-image", ["lfs", "env"], in: "u")
            #expect(!traced.output.contains(token))
        }
    }
}
