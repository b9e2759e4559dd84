import JSON
import Registry
import TestSupport
import Testing

@Suite(.enabled(if: ScriptServer.isAvailable)) struct AuthorizationTests {
    /// The field for the user `ada` with the password `secret`.
    private static let login = "Basic YWRhOnNlY3JldA=="
    private static let logins = #"{"auths": {"HOST": {"auth": "YWRhOnNlY3JldA=="}}}"#

    private func failure(_ fixture: RegistryFixture, _ name: String) async throws -> RegistryError? {
        await #expect(throws: RegistryError.self) { try await fixture.digest(name) }
    }

    @Test func aTokenIsFetchedOnceForARepository() async throws {
        try await RegistryFixture.with(logins: Self.logins) { (fixture) async throws in
            let digest = try await fixture.digest("bearer/index")
            _ = try await fixture.client.manifest(digest, of: fixture.reference("bearer/index"))
            #expect(
                try fixture.log() == [
                    "HEAD /v2/bearer/index/manifests/1", "GET /token", "HEAD /v2/bearer/index/manifests/1",
                    "GET /v2/bearer/index/manifests/\(digest)",
                ])
            #expect(try fixture.authorizations() == ["-", Self.login, "Bearer good", "Bearer good"])
            let path = try fixture.server.requests()[1]["path"]?.string
            #expect(path == "/token?service=a%20registry&scope=repository%3Abearer%2Findex%3Apull")
        }
    }

    @Test func withoutALoginTheTokenIsAnonymous() async throws {
        try await RegistryFixture.with { (fixture) async throws in
            let error = try #require(try await failure(fixture, "bearer/index"))
            #expect(error.kind == .authentication)
            #expect(error.hint?.hasPrefix("podman login 127.0.0.1:") == true)
            #expect(try fixture.authorizations() == ["-", "-", "Bearer anonymous"])
        }
    }

    @Test func anIdentityTokenIsExchanged() async throws {
        let logins = #"{"auths": {"HOST": {"auth": "YWRhOg==", "identitytoken": "refresh"}}}"#
        try await RegistryFixture.with(logins: logins) { (fixture) async throws in
            _ = try await fixture.digest("bearer/index")
            #expect(try fixture.log()[1] == "POST /token")
            #expect(try fixture.authorizations() == ["-", "-", "Bearer good"])
        }
    }

    @Test func basicLoginsAreSentWhenAskedFor() async throws {
        try await RegistryFixture.with(logins: Self.logins) { (fixture) async throws in
            _ = try await fixture.digest("open/index")
            _ = try await fixture.digest("basic/index")
            #expect(try fixture.authorizations() == ["-", "-", Self.login])
        }
        try await RegistryFixture.with { (fixture) async throws in
            let error = try #require(try await failure(fixture, "basic/index"))
            #expect(error.kind == .authentication)
            #expect(error.reason.hasPrefix("the registry wants a login (401"))
        }
    }

    @Test func aLoginOfAnotherRegistryIsNotSent() async throws {
        let logins = #"{"auths": {"registry.example": {"auth": "YWRhOnNlY3JldA=="}}}"#
        try await RegistryFixture.with(logins: logins) { (fixture) async throws in
            #expect(try await failure(fixture, "basic/index")?.kind == .authentication)
            #expect(try await failure(fixture, "bearer/index")?.kind == .authentication)
            #expect(try !fixture.authorizations().contains(Self.login))
        }
    }

    @Test(arguments: ["basic", "bearer"])
    func aRedirectToAnotherHostCarriesNoLogin(guarded: String) async throws {
        try await RegistryFixture.with(logins: Self.logins) { (fixture) async throws in
            _ = try await fixture.digest("\(guarded)/elsewhere")
            let last = try #require(try fixture.server.requests().last)
            #expect(last["path"] == "/v2/open/index/manifests/1")
            #expect(last["headers"]?["Host"]?.string == "localhost:\(fixture.server.port)")
            #expect(last["headers"]?["Authorization"] == nil)
        }
    }

    @Test func refusedLoginsStandInNoMessage() async throws {
        let logins = #"{"auths": {"HOST": {"username": "ada", "password": "hunter2"}}}"#
        try await RegistryFixture.with(logins: logins) { (fixture) async throws in
            for name in ["basic/index", "bearer/index"] {
                let error = try #require(try await failure(fixture, name))
                #expect(error.kind == .authentication)
                #expect(!"\(error) \(error.hint ?? "")".contains("hunter2"))
            }
        }
    }

    @Test(.enabled(if: Requirements.tools("openssl")))
    func aTokenServerInTheOpenGetsNoLoginOfAnEncryptedRegistry() async throws {
        try await RegistryFixture.with(logins: Self.logins, certificate: true) { (fixture) async throws in
            _ = try await fixture.digest("bearer/index")
            let error = try #require(try await failure(fixture, "downgrade/index"))
            #expect(error.reason.contains("does not speak https"))
            #expect(try fixture.log().last == "HEAD /v2/downgrade/index/manifests/1")
        }
    }

    @Test func helpersAreAsked() async throws {
        try await RegistryFixture.with(logins: #"{"credHelpers": {"HOST": "test"}}"#) { (fixture) async throws in
            try fixture.sandbox.write(
                "bin/docker-credential-test",
                """
                #!/bin/sh
                [ "$1 $(cat)" = "get 127.0.0.1:\(fixture.server.port)" ] || exit 1
                echo '{"ServerURL": "x", "Username": "ada", "Secret": "secret"}'

                """, permissions: 0o755)
            var environment = fixture.sandbox.environment
            environment["REGISTRY_AUTH_FILE"] = fixture.sandbox.path("auth.json").string
            environment["PATH"] = "\(fixture.sandbox.path("bin")):\(environment["PATH"] ?? "")"
            let client = RegistryClient(environment: environment)
            _ = try await client.digest(of: fixture.reference("basic/index"))
            #expect(try fixture.authorizations() == ["-", Self.login])
        }
    }
}
