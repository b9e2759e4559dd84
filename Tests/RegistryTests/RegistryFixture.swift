import Hashing
import JSON
import OCI
import Registry
import TestSupport

/// A scripted registry and a client of it in a sandbox.
struct RegistryFixture {
    let sandbox: Sandbox
    let server: ScriptServer
    let client: RegistryClient

    /// Starts the registry; `logins` is the text of an auth.json, in which `HOST` stands for the registry's name.
    static func with(
        logins: String? = nil, certificate: Bool = false, _ body: (RegistryFixture) async throws -> Void
    ) async throws {
        try await Sandbox.with { (sandbox) async throws in
            var arguments: [String] = []
            if certificate {
                let words =
                    "req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=localhost"
                try await sandbox.run("openssl", words.split(separator: " ").map(String.init)).check()
                arguments = [sandbox.path("cert.pem").string, sandbox.path("key.pem").string]
            }
            try await ScriptServer.with("registry-server.py", arguments, in: sandbox) { (server) async throws in
                var environment = sandbox.environment
                environment["REGISTRY_AUTH_FILE"] = sandbox.path("auth.json").string
                let host = "127.0.0.1:\(server.port)"
                let text = (logins ?? "{}").split(separator: "HOST", omittingEmptySubsequences: false)
                try sandbox.write("auth.json", text.joined(separator: host))
                try await body(
                    RegistryFixture(
                        sandbox: sandbox, server: server, client: RegistryClient(environment: environment)))
            }
        }
    }

    /// A repository of the registry, by how it is guarded and what it does.
    func reference(_ name: String) throws -> ImageReference {
        try ImageReference("127.0.0.1:\(server.port)/\(name):1")
    }

    /// The digest that the registry gives for a repository's tag.
    func digest(_ name: String) async throws -> SHA256Digest {
        try await client.digest(of: reference(name))
    }

    /// The requests so far as `METHOD PATH`, without the query.
    func log() throws -> [String] {
        try server.requests().map { request in
            let path = request["path"]?.string?.split(separator: "?").first ?? ""
            return "\(request["method"]?.string ?? "") \(path)"
        }
    }

    /// The `Authorization` fields of the requests so far, `-` where there was none.
    func authorizations() throws -> [String] {
        try server.requests().map { $0["headers"]?["Authorization"]?.string ?? "-" }
    }
}
