import Foundation
import Git
import HTTP
import Hashing
import JSON
import LFS
import Synchronization
import SystemCalls
import SystemPackage
import TestSupport

/// The LFS server of Tests/Support/lfs-server.py, and a repository that is set up for it.
struct FaultServer: Sendable {
    let server: ScriptServer
    let sandbox: Sandbox
    /// The waits that retries asked for; nobody really waits.
    let waits = Recorder<Duration>()

    /// Starts the server, makes a repository `w` whose `lfs.url` names it, and runs `body`.
    static func with(_ body: (FaultServer) async throws -> Void) async throws {
        try await Sandbox.with { sandbox in
            try await ScriptServer.with("lfs-server.py", in: sandbox) { server in
                try await sandbox.run("git", ["init", "-q", "w"]).check()
                let fixture = FaultServer(server: server, sandbox: sandbox)
                try await fixture.git("config", "lfs.url", fixture.url)
                try await fixture.git("config", "http.proxy", "")
                try await body(fixture)
            }
        }
    }

    var url: String { server.url + "/repo/info/lfs" }

    @discardableResult
    func git(_ arguments: String...) async throws -> CommandResult {
        try await sandbox.run("git", arguments, in: "w").check()
    }

    func repository(_ extra: [String: String] = [:]) throws -> Repository {
        let environment = sandbox.environment.merging(extra) { $1 }
        guard let found = try Repository.discover(from: sandbox.path("w"), environment: environment) else {
            throw Missing()
        }
        return found
    }

    func client(isOffline: Bool = false, environment: [String: String] = [:]) throws -> LFSClient {
        var retry = RetryPolicy()
        retry.sleep = { [waits] in waits.add($0) }
        return try LFSClient(repository(environment), isOffline: isOffline, retry: retry)
    }

    /// Speaks to the server without the proxy that the tests' own environment may name.
    private static let direct = HTTPClient { _ in
        var options = TransportOptions()
        options.proxy = ""
        return options
    }

    /// Sets how the server behaves from now on.
    func behave(_ behaviour: JSONValue) async throws {
        _ = try await control("behaviour", Array(behaviour.text.utf8))
    }

    /// Puts an object on the server.
    func add(_ text: String) async throws -> TransferObject {
        _ = try await control("object", Array(text.utf8))
        return object(text)
    }

    /// The object of a text.
    func object(_ text: String) -> TransferObject {
        TransferObject(
            Pointer(oid: SHA256Digest(of: text.utf8), size: Size(Int64(text.utf8.count))), path: "docker-cache/a.tar")
    }

    /// Puts an object into the local store.
    func store(_ text: String) throws -> TransferObject {
        let writer = try ObjectWriter(ObjectStore(repository()))
        try Array(text.utf8).withUnsafeBytes { try writer.write($0) }
        _ = try writer.finish()
        return object(text)
    }

    /// The OIDs that the server has.
    func serverObjects() async throws -> [String] {
        let response = try await Self.direct.send(Request("GET", RequestURL(server.url + "/control/objects")))
        return try JSONValue(parsing: response.body).array?.compactMap(\.string) ?? []
    }

    /// The requests so far whose path begins with a text.
    func requests(_ prefix: String) throws -> [JSONValue] {
        try server.requests().filter { $0["path"]?.string?.hasPrefix(prefix) ?? false }
    }

    var batches: [JSONValue] { get throws { try requests("/repo/info/lfs/objects/batch") } }
    var transfers: [JSONValue] { get throws { try requests("/storage/") } }

    /// The names of all files in the store.
    func storedFiles() throws -> [String] {
        let root = sandbox.path("w/.git/lfs").string
        return (FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []).filter {
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: root + "/" + $0, isDirectory: &isFolder)
                && !isFolder.boolValue
        }.sorted()
    }

    private func control(_ what: String, _ body: [UInt8]) async throws -> Response {
        try await Self.direct.send(Request("POST", RequestURL("\(server.url)/control/\(what)"), body: .bytes(body)))
    }

    struct Missing: Error {}
}

/// Collects values from several threads.
final class Recorder<Value: Sendable>: Sendable {
    private let state = Mutex<[Value]>([])
    var values: [Value] { state.withLock { $0 } }
    func add(_ value: Value) { state.withLock { $0.append(value) } }
}
