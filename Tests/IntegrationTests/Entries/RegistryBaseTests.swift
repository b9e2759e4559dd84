import JSON
import TestSupport
import Testing

/// `bases --online` against a real registry.
@Suite(.enabled(if: Requirements.tools("podman", "git", "docker-registry")), .tags(.engine)) struct RegistryBaseTests {
    /// Builds a base image in the store of somebody else and pushes it.
    private func publish(
        _ text: String, to registry: RealRegistry, _ project: Project, format: String = "v2s2"
    ) async throws {
        try await BaseTests().makeBase(project, text, store: "b")
        try await project.podman(
            "push", "-q", "--tls-verify=false", "--format", format, "localhost/base:1",
            "docker://\(registry.host)/team/base:1", store: "b"
        ).check()
    }

    private func bases(
        _ project: Project, _ registry: RealRegistry, _ arguments: String..., status: Int32 = 0
    ) async throws -> JSONValue {
        let result = try await project.sandbox.run(
            "cache-image", ["bases", "--json"] + arguments, in: "project",
            environment: try project.storeVariables("a").merging(variables(registry)) { $1 }
        ).check(status)
        return try #require(try JSONValue(parsing: result.outputBytes).array?.first)
    }

    private func variables(_ registry: RealRegistry) -> [String: String?] {
        ["CONTAINERS_REGISTRIES_CONF": registry.registriesConf.string, "no_proxy": "127.0.0.1"]
    }

    private func lockedBase(_ project: Project, _ registry: RealRegistry) throws -> JSONValue? {
        let lock = try JSONValue(parsing: project.sandbox.read("project/docker-cache/bases.lock.json"))
        return lock["\(registry.host)/team/base:1"]?["linux/amd64"]?["Env"]?["BASE"]
    }

    private func with(_ body: (Project, RealRegistry) async throws -> Void) async throws {
        try await Project.with { (project) async throws in
            try await RealRegistry.with(in: project.sandbox) { (registry) async throws in
                try await publish("first", to: registry, project)
                try project.write(
                    "Dockerfile",
                    "FROM \(registry.host)/team/base:1 AS test\nWORKDIR /app\nRUN cat /base.txt >installed.txt\n")
                try await project.cacheImage("update", environment: variables(registry)).check()
                try await body(project, registry)
            }
        }
    }

    @Test func aTagThatMovedIsToldByOneRequestAndPulledByUpdateOnly() async throws {
        try await with { (project, registry) async throws in
            let name = "\(registry.host)/team/base:1"
            let id = try await project.imageID(name)
            var before = try registry.requests().count
            let same = try await bases(project, registry, "--online")
            #expect(same["state"] == "locked")
            #expect(same["registryState"] == "same")
            #expect(try registry.requests().dropFirst(before) == ["HEAD /v2/team/base/manifests/1"])

            try await publish("second", to: registry, project)
            before = try registry.requests().count
            let moved = try await bases(project, registry, "--online")
            #expect(moved["state"] == "locked")
            #expect(moved["registryState"] == "moved")
            #expect(moved["registry"]?.string?.hasPrefix("sha256:") == true)
            #expect(moved["registry"] != same["registry"])
            #expect(try await project.imageID(name) == id)
            // The tag, its manifest, its config: no layer.
            #expect(try registry.requests().count - before == 3)
            #expect(try lockedBase(project, registry) == "first")
            #expect(try await project.cacheImage("status").check().output.hasPrefix("fresh"))
            let quiet = try await bases(project, registry)
            #expect(quiet["registry"] == .null)
            #expect(quiet["registryState"] == .null)

            let updated = try await bases(project, registry, "--online", "--update")
            #expect(updated["state"] == "locked")
            #expect(updated["registryState"] == "same")
            #expect(updated["registry"] == moved["registry"])
            #expect(try await project.imageID(name) != id)
            #expect(try lockedBase(project, registry) == "second")
            #expect(try await project.cacheImage("status").check().output.contains("moved"))
        }
    }

    @Test func anEqualImageInOtherDocumentsHasNotMoved() async throws {
        try await with { (project, registry) async throws in
            let first = try await bases(project, registry, "--online")
            try await publish("first", to: registry, project, format: "oci")
            let converted = try await bases(project, registry, "--online")
            #expect(converted["registry"] != first["registry"])
            #expect(converted["registryState"] == "same")

            let target = "docker://\(registry.host)/team/base:1"
            try await project.podman("manifest", "create", "localhost/list:1", store: "b").check()
            try await project.podman(
                "manifest", "add", "localhost/list:1", "containers-storage:localhost/base:1", store: "b"
            ).check()
            try await project.podman(
                "manifest", "push", "-q", "--all", "--tls-verify=false", "localhost/list:1", target, store: "b"
            ).check()
            let index = try await bases(project, registry, "--online")
            #expect(index["registry"] != converted["registry"])
            #expect(index["registryState"] == "same")
        }
    }

    @Test func updateTakesTheRegistrysImageNotAnOlderLocalOne() async throws {
        try await with { (project, registry) async throws in
            try await publish("second", to: registry, project)
            _ = try await bases(project, registry, "--online", "--update")
            // A teammate's clone with the old base in the engine, and the lock moved by Git.
            try await project.podman("tag", "localhost/demo:latest", "\(registry.host)/team/base:1").check()
            let result = try await project.cacheImage("bases", "--online", environment: variables(registry)).check()
            #expect(result.error.contains("differs from the locked one"))
            let moved = try await bases(project, registry, "--online")
            #expect(moved["state"] == "moved")
            #expect(moved["registryState"] == "same")
            #expect(try await bases(project, registry, "--online", "--update")["state"] == "locked")
            #expect(try lockedBase(project, registry) == "second")
        }
    }

    @Test func whatTheRegistryLacksIsAFailureThatLeavesTheLock() async throws {
        try await with { (project, registry) async throws in
            let dockerfile = "FROM \(registry.host)/team/other:1 AS test\nRUN true\n"
            try project.write("Dockerfile", dockerfile)
            let lacking = try await bases(project, registry, "--online", status: 1)
            #expect(lacking["state"] == "absent")
            #expect(lacking["registryState"] == "unknown")
            _ = try await bases(project, registry, "--online", "--update", status: 1)
            #expect(try lockedBase(project, registry) == "first")
        }
    }
}

/// `bases --online` where nobody answers.
@Suite(.enabled(if: Requirements.tools("git"))) struct UnreachableRegistryTests {
    @Test func aRegistryThatDoesNotAnswerFailsOnlyItsOwnBase() async throws {
        try await Project.with { (project) async throws in
            let digest = "sha256:" + String(repeating: "0", count: 64)
            try project.write(
                "Dockerfile",
                """
                FROM 127.0.0.1:1/team/base:1 AS test
                COPY --from=localhost/base:1 /a /a
                COPY --from=127.0.0.1:1/team/pinned@\(digest) /b /b

                """)
            // No engine is on this PATH.
            let variables: [String: String?] = ["PATH": project.sandbox.path("home").string, "no_proxy": "*"]
            let result = try await project.cacheImage("bases", "--online", "--json", environment: variables).check(8)
            let found = try #require(try JSONValue(parsing: result.outputBytes).array)
            #expect(found.compactMap { $0["registryState"]?.string } == ["unreachable", "local", "pinned"])
            #expect(found.allSatisfy { $0["state"] == "absent" })
            #expect(
                result.error.contains(
                    "warning: cannot look up 127.0.0.1:1/team/base:1 on its registry: https://127.0.0.1:1: connection refused"
                ))
            #expect(result.error.contains("hint: "))
            try await project.cacheImage("bases", environment: variables).check(12)
            try await project.cacheImage("bases", "--online", "--update", environment: variables).check(12)
            try await project.cacheImage("--offline", "bases", "--online", environment: variables).check(2)
        }
    }
}
