import Hashing
import JSON
import OCI
import Registry
import TestSupport
import Testing

@Suite(.enabled(if: ScriptServer.isAvailable)) struct RegistryClientTests {
    private func failure(_ fixture: RegistryFixture, _ name: String) async throws -> RegistryError? {
        await #expect(throws: RegistryError.self) { try await fixture.digest(name) }
    }

    @Test func oneHeadRequestTellsTheDigest() async throws {
        try await RegistryFixture.with { (fixture) async throws in
            _ = try await fixture.digest("open/index")
            #expect(try fixture.log() == ["HEAD /v2/open/index/manifests/1"])
            let accepted = try #require(try fixture.server.requests()[0]["headers"]?["Accept"]?.string)
            for type in [
                MediaType.index, MediaType.manifest, MediaType.dockerManifest, MediaType.dockerManifestList,
            ] {
                #expect(accepted.contains(type))
            }
        }
    }

    @Test(arguments: ["silent", "nohead"])
    func aRegistryThatNamesNoDigestIsAskedForTheBytes(behaviour: String) async throws {
        try await RegistryFixture.with { (fixture) async throws in
            let digest = try await fixture.digest("open/\(behaviour)")
            #expect(try await digest == fixture.digest("open/index"))
            #expect(try fixture.log()[1] == "GET /v2/open/\(behaviour)/manifests/1")
        }
    }

    @Test func anIndexLeadsToThePlatformsConfig() async throws {
        try await RegistryFixture.with { (fixture) async throws in
            let reference = try fixture.reference("open/index")
            let digest = try await fixture.client.digest(of: reference)
            guard case .index(let manifests) = try await fixture.client.manifest(digest, of: reference) else {
                Issue.record("no index")
                return
            }
            let chosen = try #require(manifests.manifest(for: .linuxAMD64))
            #expect(try await chosen.digest == fixture.digest("open/single"))
            guard case .image(let descriptor) = try await fixture.client.manifest(chosen.digest, of: reference) else {
                Issue.record("no image")
                return
            }
            let config = try await fixture.client.config(descriptor, of: reference)
            #expect(config.platform == .linuxAMD64)
            #expect(config.runtime.environment == ["A": "1"])
            #expect(manifests.manifest(for: Platform(os: "linux", architecture: "s390x")) == nil)
        }
    }

    @Test func bytesOfAnotherDigestAreRefused() async throws {
        try await RegistryFixture.with { (fixture) async throws in
            let digest = try await fixture.digest("open/index")
            let wrong = await #expect(throws: RegistryError.self) {
                try await fixture.client.manifest(digest, of: fixture.reference("open/wrong"))
            }
            #expect(wrong?.kind == .corrupt)
            #expect(try await failure(fixture, "open/liar")?.kind == .corrupt)
        }
    }

    @Test func refusalsHaveTheirKindAndSayWhatToDo() async throws {
        try await RegistryFixture.with { (fixture) async throws in
            let missing = try #require(try await failure(fixture, "open/missing"))
            #expect(missing.kind == .missing)
            let port = fixture.server.port
            #expect(
                missing.description
                    == "cannot look up 127.0.0.1:\(port)/open/missing:1 on its registry: the registry does not have it "
                    + "(404 from http://127.0.0.1:\(port))")
            let limited = try #require(try await failure(fixture, "open/limited"))
            #expect(limited.kind == .refused)
            #expect(limited.reason.contains("too many requests (429"))
            #expect(limited.hint == "try again in 30 seconds")
            #expect(try await failure(fixture, "open/broken")?.kind == .refused)
            let huge = await #expect(throws: RegistryError.self) {
                let digest = SHA256Digest(of: [])
                return try await fixture.client.manifest(digest, of: fixture.reference("open/huge"))
            }
            #expect(huge?.kind == .tooLarge)
            let garbage = await #expect(throws: RegistryError.self) {
                let reference = try fixture.reference("open/garbage")
                return try await fixture.client.manifest(SHA256Digest(of: "{}".utf8), of: reference)
            }
            #expect(garbage?.kind != .unreachable)
        }
    }

    @Test func aRegistryThatIsNotThereIsUnreachable() async throws {
        let client = RegistryClient(environment: ["no_proxy": "*"])
        let error = await #expect(throws: RegistryError.self) {
            try await client.digest(of: ImageReference("127.0.0.1:1/a/b:1"))
        }
        #expect(error?.kind == .unreachable)
        #expect(error?.reason == "https://127.0.0.1:1: connection refused")
        #expect(error?.hint != nil)
    }
}
