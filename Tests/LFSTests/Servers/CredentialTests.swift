import JSON
import LFS
import SystemPackage
import TestSupport
import Testing

@Suite(.enabled(if: ScriptServer.isAvailable && Requirements.tools("git")))
struct CredentialTests {
    /// A credential helper that writes down what it is asked, and answers with the user's name and a password.
    private func installHelper(_ fixture: FaultServer, password: String) async throws {
        try fixture.sandbox.write(
            "helper",
            "#!/bin/sh\ncat > \"$0.input\"\necho \"$1 $(tr '\\n' ' ' < \"$0.input\")\" >> \"$0.log\"\n"
                + "test \"$1\" = get && printf 'username=user\\npassword=\(password)\\n'\n", permissions: 0o755)
        try await fixture.git("config", "credential.helper", fixture.sandbox.path("helper").string)
    }

    private func calls(_ fixture: FaultServer) -> [String] {
        ((try? fixture.sandbox.text("helper.log")) ?? "").split(separator: "\n").map(String.init)
    }

    private let locked: JSONValue = ["user": "user", "password": "se cret"]
    private var header: String { "Basic dXNlcjpzZSBjcmV0" }

    @Test(arguments: [true, false])
    func theHelperIsAskedOnceAndToldThatItWorked(hasChallenge: Bool) async throws {
        try await FaultServer.with { fixture in
            let first = try await fixture.add("an image")
            let second = try await fixture.add("another image")
            try await fixture.behave(["user": "user", "password": "se cret", "challenge": .bool(hasChallenge)])
            try await installHelper(fixture, password: "se cret")
            try await fixture.client().fetch([first])
            let host = "127.0.0.1:\(fixture.server.port)"
            #expect(
                calls(fixture) == [
                    "get protocol=http host=\(host) ",
                    "store protocol=http host=\(host) username=user password=se cret ",
                ])
            #expect(try fixture.batches.map { $0["headers"]?["Authorization"]?.string } == [nil, header])
            let access = try await fixture.git("config", "--local", "lfs.\(fixture.url).access")
            #expect(access.output == "basic\n")
            // The next time the login goes along at once.
            try await fixture.client().fetch([second])
            #expect(try fixture.batches.count == 3)
        }
    }

    @Test func storageOnAnotherHostGetsNoLogin() async throws {
        try await FaultServer.with { fixture in
            let wanted = try await fixture.add("an image")
            try await fixture.behave(["user": "user", "password": "se cret", "storage_host": "localhost"])
            try await installHelper(fixture, password: "se cret")
            try await fixture.client().fetch([wanted])
            #expect(try fixture.transfers.map { $0["headers"]?["Authorization"]?.string } == [nil])
        }
    }

    @Test func aWrongPasswordIsRejectedOnceAndNeverShown() async throws {
        try await FaultServer.with { fixture in
            let wanted = try await fixture.add("an image")
            try await fixture.behave(locked)
            try await installHelper(fixture, password: "wrong")
            let error = try await fixture.client().outcomes(ofFetching: [wanted]).first?.error
            #expect(error?.kind == .authentication)
            #expect(calls(fixture).filter { $0.hasPrefix("erase") }.count == 1)
            #expect(!calls(fixture).contains { $0.hasPrefix("store") })
            #expect(error?.description.contains("wrong") == false)
        }
    }

    @Test func nobodyToAskIsAnAuthenticationError() async throws {
        try await FaultServer.with { fixture in
            let wanted = try await fixture.add("an image")
            try await fixture.behave(locked)
            let error = try await fixture.client().outcomes(ofFetching: [wanted]).first?.error
            #expect(error?.kind == .authentication)
            #expect(try fixture.batches.count == 1)
        }
    }

    @Test func netrcIsRead() async throws {
        try await FaultServer.with { fixture in
            let wanted = try await fixture.add("an image")
            try await fixture.behave(["user": "user", "password": "secret"])
            try fixture.sandbox.write(
                "home/.netrc", "machine other login a password b\nmachine 127.0.0.1\n  login user\n  password secret\n")
            try await fixture.client().fetch([wanted])
        }
    }

    @Test func theLoginOfTheURLIsUsedAndNotShown() async throws {
        try await FaultServer.with { fixture in
            let wanted = try await fixture.add("an image")
            try await fixture.behave(locked)
            let url = fixture.url.replacing("http://", with: "http://user:se%20cret@")
            try await fixture.git("config", "lfs.url", url)
            try await fixture.client().fetch([wanted])
            #expect(try fixture.batches.count == 1)
            try await fixture.behave(["user": "user", "password": "other"])
            let second = try await fixture.add("another image")
            let error = try await fixture.client().outcomes(ofFetching: [second]).first?.error
            #expect(error?.kind == .authentication)
            #expect(error?.description.contains("cret") == false)
        }
    }

    @Test func anExtraHeaderIsSentToItsURLAndNowhereElse() async throws {
        try await FaultServer.with { fixture in
            let wanted = try await fixture.add("an image")
            try await fixture.behave(["user": "user", "password": "se cret", "storage_host": "localhost"])
            let key = "http.\(fixture.server.url)/.extraHeader"
            try await fixture.git("config", key, "Authorization: \(header)")
            try await fixture.client().fetch([wanted])
            #expect(try fixture.batches.count == 1)
            #expect(try fixture.transfers.map { $0["headers"]?["Authorization"]?.string } == [nil])
        }
    }

    @Test func oneLoginServesGitAndLFS() async throws {
        try await FaultServer.with { fixture in
            let wanted = try await fixture.add("an image")
            try await fixture.behave(locked)
            try await installHelper(fixture, password: "se cret")
            try await fixture.git("config", "credential.useHttpPath", "true")
            try await fixture.git("remote", "add", "origin", "\(fixture.server.url)/repo")
            try await fixture.client().fetch([wanted])
            #expect(calls(fixture).first == "get protocol=http host=127.0.0.1:\(fixture.server.port) path=repo ")
        }
    }

    @Test func aRedirectToAnotherHostCarriesNoLogin() async throws {
        try await FaultServer.with { fixture in
            let wanted = try await fixture.add("an image")
            let other = "http://localhost:\(fixture.server.port)/moved/objects/batch"
            try await fixture.behave(["redirect": 307, "redirect_to": .string(other)])
            try await fixture.git("config", "lfs.url", fixture.url.replacing("http://", with: "http://user:secret@"))
            try await fixture.client().fetch([wanted])
            #expect(try fixture.batches.first?["headers"]?["Authorization"] != nil)
            #expect(try fixture.requests("/moved/").map { $0["headers"]?["Authorization"]?.string } == [nil])
        }
    }

    @Test func aLineBreakInALoginIsRefused() async throws {
        try await FaultServer.with { fixture in
            let wanted = try await fixture.add("an image")
            try await fixture.behave(locked)
            try await fixture.git(
                "config", "lfs.url", fixture.url.replacing("http://", with: "http://a%0Ahost=evil@"))
            let error = try await fixture.client().outcomes(ofFetching: [wanted]).first?.error
            #expect(error?.kind == .authentication)
            #expect(error?.description.contains("line break") == true)
        }
    }

    @Test func sshLeadsToTheServer() async throws {
        try await FaultServer.with { fixture in
            let wanted = try await fixture.add("an image")
            try await fixture.behave(["token": "RemoteAuth abc"])
            try fixture.sandbox.write(
                "ssh",
                "#!/bin/sh\nprintf '%s|' \"$@\" >> \"$0.log\"\n"
                    + "echo '{\"href\": \"\(fixture.url)\", \"header\": {\"Authorization\": \"RemoteAuth abc\"}, \"expires_in\": 900}'\n",
                permissions: 0o755)
            try await fixture.git("config", "--unset", "lfs.url")
            try await fixture.git("remote", "add", "origin", "ssh://git@h.example:2222/team/demo repo.git")
            try await fixture.client(environment: ["GIT_SSH_COMMAND": fixture.sandbox.path("ssh").string + " -v"])
                .fetch([wanted])
            #expect(
                try fixture.sandbox.text("ssh.log")
                    == "-v|-p|2222|git@h.example|git-lfs-authenticate '/team/demo repo.git' download|")
        }
    }

    @Test func anSSHHostWithoutLFSLeadsToHTTPS() async throws {
        try await FaultServer.with { fixture in
            try fixture.sandbox.write(
                "ssh", "#!/bin/sh\necho 'sh: git-lfs-authenticate: not found' >&2\nexit 127\n", permissions: 0o755)
            try await fixture.git("config", "--unset", "lfs.url")
            try await fixture.git("remote", "add", "origin", "git@h.invalid:team/demo.git")
            let client = try fixture.client(environment: ["GIT_SSH": fixture.sandbox.path("ssh").string])
            let error = try await client.outcomes(ofFetching: [fixture.object("an image")]).first?.error
            #expect(error?.kind == .network)
            #expect(
                error?.description.contains("cannot reach https://h.invalid") == true, "\(error?.description ?? "")")
        }
    }
}
