import Foundation
import SystemPackage
import TestSupport

/// A registry of Debian's package docker-registry on a free port of 127.0.0.1, ended by its pid.
struct RealRegistry {
    /// The registry's name in references, such as `127.0.0.1:37221`.
    let host: String
    private let log: FilePath
    /// A registries.conf that allows podman and buildah to use it without TLS.
    let registriesConf: FilePath

    /// Starts a registry, runs `body` and ends the registry.
    static func with(in sandbox: Sandbox, _ body: (RealRegistry) async throws -> Void) async throws {
        let folder = sandbox.path("registry")
        let configuration = """
            version: 0.1
            log: {level: info, accesslog: {disabled: false}}
            storage: {filesystem: {rootdirectory: \(folder)/data}}
            http: {addr: "127.0.0.1:0"}

            """
        try sandbox.write("registry/config.yml", configuration)
        try sandbox.write("registry/log", "")
        let log = folder.appending("log")
        let output = try FileDescriptor.open(log, .writeOnly)
        defer { try? output.close() }
        let process = try ChildProcess(
            Sandbox.find("docker-registry", in: sandbox.environment["PATH"] ?? ""),
            ["serve", folder.appending("config.yml").string], environment: sandbox.environment,
            output: output, takesErrors: true)
        defer { process.end() }
        var port = ""
        for _ in 0..<100 where port.isEmpty {
            try await Task.sleep(for: .milliseconds(50))
            let text = try String(contentsOfFile: log.string, encoding: .utf8)
            let rest = text.components(separatedBy: "listening on 127.0.0.1:")
            if rest.count > 1 { port = String(rest[1].prefix { $0.isNumber }) }
        }
        let host = "127.0.0.1:\(port)"
        try sandbox.write("registry/registries.conf", "[[registry]]\nlocation = \"\(host)\"\ninsecure = true\n")
        try await body(
            RealRegistry(host: host, log: log, registriesConf: folder.appending("registries.conf")))
    }

    /// The requests so far as `METHOD PATH`.
    func requests() throws -> [String] {
        try String(contentsOfFile: log.string, encoding: .utf8).split(separator: "\n").compactMap { line in
            let parts = line.split(separator: "\"")
            let words = parts.count > 1 ? parts[1].split(separator: " ") : []
            return words.count == 3 && words[2].hasPrefix("HTTP/") ? "\(words[0]) \(words[1])" : nil
        }
    }
}
