import OCI
import TestSupport
import Testing

@testable import Registry

@Suite struct LoginFilesTests {
    private func login(_ text: String, for reference: String) async throws -> Login? {
        try await Sandbox.with { (sandbox) async throws in
            try sandbox.write("auth.json", text)
            let environment = ["REGISTRY_AUTH_FILE": sandbox.path("auth.json").string, "PATH": "/usr/bin:/bin"]
            return await LoginFiles(environment: environment).login(for: try ImageReference(reference))
        }
    }

    @Test(arguments: ["docker.io", "https://index.docker.io/v1/", "index.docker.io", "docker.io/library"])
    func theHubHasManyNames(key: String) async throws {
        let text = #"{"auths": {"\#(key)": {"auth": "YWRhOnNlY3JldA=="}}}"#
        #expect(try await login(text, for: "docker.io/library/a:1") == Login(user: "ada", password: "secret"))
        #expect(try await login(text, for: "quay.io/library/a:1") == nil)
    }

    @Test func theLongestPathCounts() async throws {
        let text = """
            {"auths": {"quay.io": {"username": "all", "password": "1"}, "quay.io/team": {"username": "team", "password": "2"},
            "quay.io/team/app": {"username": "app", "password": "3"}}}
            """
        #expect(try await login(text, for: "quay.io/team/app:1")?.user == "app")
        #expect(try await login(text, for: "quay.io/team/application:1")?.user == "team")
        #expect(try await login(text, for: "quay.io/other:1")?.user == "all")
        #expect(try await login(text, for: "quay.io:5000/team/app:1") == nil)
    }

    @Test(arguments: [
        #"{"auths": {"quay.io": {}}}"#, #"{"auths": {"quay.io": {"auth": "!"}}}"#, "[]", "no JSON", "",
        #"{"credsStore": "no-such-helper"}"#, #"{"credsStore": "../bin/sh"}"#,
    ])
    func whatHoldsNoLoginIsNoError(text: String) async throws {
        #expect(try await login(text, for: "quay.io/a:1") == nil)
    }

    @Test func filesAreAskedInOrder() {
        let environment = ["REGISTRY_AUTH_FILE": "/r", "XDG_RUNTIME_DIR": "/x", "HOME": "/h"]
        let home = ["/h/.config/containers/auth.json", "/h/.docker/config.json"]
        #expect(
            LoginFiles(environment: environment).paths.map(\.string) == ["/r", "/x/containers/auth.json"] + home)
        #expect(
            LoginFiles(environment: ["HOME": "/h", "DOCKER_CONFIG": "/d"]).paths.map(\.string)
                == [home[0], "/d/config.json"])
    }

    @Test func aPasswordIsNotPrinted() {
        #expect("\(Login(user: "ada", password: "secret"))" == "ada:***")
    }
}
