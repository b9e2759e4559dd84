import Foundation
import JSON
import SystemPackage
import TestSupport

/// A machine with an engine of its own, on which a clone of a project is built.
struct Machine: Sendable {
    /// What builds there.
    enum Builder: String, CaseIterable, Sendable {
        case podman, buildah, legacy, buildKit

        var engine: String { self == .podman || self == .buildah ? rawValue : "docker" }
    }

    let builder: Builder
    let sandbox: Sandbox
    let name: String
    private let variables: [String: String?]

    /// Runs `body` with machines of one kind, whose engines hold nothing.
    static func with(
        _ builder: Builder, _ names: [String], _ body: ([Machine]) async throws -> Void
    ) async throws {
        try await Sandbox.withStores { sandbox in
            try await add(builder, names, to: [], in: sandbox, body)
        }
    }

    private static func add(
        _ builder: Builder, _ names: [String], to machines: [Machine], in sandbox: Sandbox,
        _ body: ([Machine]) async throws -> Void
    ) async throws {
        guard let name = names.first else { return try await body(machines) }
        let rest = Array(names.dropFirst())
        var variables: [String: String?] = [
            "XDG_STATE_HOME": sandbox.path("state-\(name)").string, "CACHE_IMAGE_ENGINE": builder.engine,
        ]
        if builder.engine != "docker" {
            variables.merge(try sandbox.store(name).variables) { $1 }
            let machine = Machine(builder: builder, sandbox: sandbox, name: name, variables: variables)
            return try await add(builder, rest, to: machines + [machine], in: sandbox, body)
        }
        try await sandbox.withDocker("docker-\(name)") { environment in
            variables["DOCKER_HOST"] = environment["DOCKER_HOST"]
            variables["DOCKER_BUILDKIT"] = builder == .legacy ? "0" : nil
            // The client of 20.10 brings BuildKit itself.
            variables["PATH"] = "/usr/bin:" + (environment["PATH"] ?? "")
            let machine = Machine(builder: builder, sandbox: sandbox, name: name, variables: variables)
            try await add(builder, rest, to: machines + [machine], in: sandbox, body)
        }
    }

    /// Runs a program in the machine's clone.
    @discardableResult
    func run(_ program: String, _ arguments: [String]) async throws -> CommandResult {
        try await sandbox.run(program, arguments, in: name, environment: variables)
    }

    /// Runs the machine's engine.
    func engine(_ arguments: String...) async throws -> CommandResult {
        try await run(builder.engine, arguments)
    }

    /// Runs `cache-image`.
    func cacheImage(_ arguments: String...) async throws -> CommandResult { try await run("cache-image", arguments) }

    /// Runs `cache-image update` or `build`, where asked without any network: the one element of its document.
    func make(_ verb: String = "update", hasNetwork: Bool = true) async throws -> JSONValue {
        let words = [Sandbox.products.appending("cache-image").string, verb, "--json"]
        // A daemon has the network that it was started with; there is no registry in any case.
        let isCut = !hasNetwork && builder.engine != "docker"
        let result = try await run(
            isCut ? "unshare" : words[0], isCut ? ["-n"] + words : Array(words.dropFirst()))
        return try JSONValue(parsing: result.check().outputBytes).array?.first ?? .null
    }

    /// The entry's record.
    func record() throws -> JSONValue {
        try JSONValue(parsing: try sandbox.read("\(name)/docker-cache/demo-latest.inputs.json"))
    }

    /// The digests of the image's layers.
    func layers() throws -> [String] {
        try record()["provenance"]?["layers"]?.array?.compactMap { $0["digest"]?.string } ?? []
    }

    func write(_ path: String, _ text: String) throws { try sandbox.write("\(name)/\(path)", text) }

    /// Gives files of the clone the modes and the owner that they have for somebody else.
    func handOver(_ files: [String]) async throws {
        try await run("chmod", ["g+w"] + files).check()
        if geteuid() == 0 { try await run("chown", ["4321:4321"] + files).check() }
    }
}
