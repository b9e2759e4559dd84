import Engines
import Foundation
import OCI
import Synchronization
import SystemPackage
import TestSupport
import Testing

/// Options come from a probe of our own, never from what a user's container or build prints.
///
/// The engines are scripts.
@Suite(.timeLimit(.minutes(2))) struct ContainerAbilityTests {
    /// A stand-in for an engine: notes its calls, and does to containers what `start` says; NET and LIMIT tell what they ask for.
    private func engine(
        _ sandbox: Sandbox, _ dialect: Dialect, start: String = "exit 0", user: String = "exit 0",
        build: String = "exit 0",
        started: String = "2026-01-02 03:04:05 +0000 UTC", warnings: Warnings = Warnings()
    ) throws -> Engine {
        let script = """
            #!/bin/sh
            all=" $* "
            echo "$*" >>'\(sandbox.path("calls"))'
            NET=own
            case $all in *" --network none "*) NET=none ;; *" --network host "*) NET=host ;; *" --network "*) NET=other ;; esac
            case $all in *" --ulimit "*) LIMIT=1 ;; *) LIMIT=0 ;; esac
            case $all in *" chroot "*) CHROOT=1 ;; *) CHROOT=0 ;; esac
            case $all in
            *" --version "* | *" version "* | *" info "*) echo "\(dialect.name) version 1.2.3" ;;
            *" import "*) cat >/dev/null ;;
            *" image inspect "*) echo '[{"Id":"sha256:\(String(repeating: "1", count: 64))","Config":{}}]' ;;
            *" inspect --type image "*) cat '\(sandbox.path("buildah.json"))' ;;
            *" container inspect "*) echo "\(started)" ;;
            *" run "*cache-image-probe*) \(start) ;;
            *" build "*cache-image-probe*) \(start) ;;
            *" run "*) \(user) ;;
            *" build "*)
                next=
                for word; do
                    [ "$next" != 1 ] || echo sha256:\(String(repeating: "1", count: 64)) >"$word"
                    next=; [ "$word" != --iidfile ] || next=1
                done
                \(build) ;;
            esac
            """
        try sandbox.write("bin/\(dialect.name)", script + "\n", permissions: 0o755)
        let config = #"{\"os\":\"linux\",\"architecture\":\"amd64\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[]}}"#
        let id = String(repeating: "1", count: 64)
        try sandbox.write("buildah.json", #"{"FromImageID":"\#(id)","Config":"\#(config)"}"#)
        var environment = sandbox.environment
        environment["PATH"] = sandbox.path("bin").string + ":/usr/bin:/bin"
        environment["DOCKER_BUILDKIT"] = "0"
        let program = sandbox.path("bin/\(dialect.name)")
        return Engine(dialect, executable: program, environment: environment, warn: { warnings.take($0, $1) })
    }

    /// Keeps what was said without `-v`.
    final class Warnings: Sendable {
        private let lines = Mutex<[String]>([])
        func take(_ text: String, _ hint: String?) { lines.withLock { $0.append(text) } }
        var all: [String] { lines.withLock { $0 } }
    }

    private func calls(_ sandbox: Sandbox, of verb: String) throws -> [String] {
        try sandbox.text("calls").split(separator: "\n").map(String.init).filter {
            " \($0) ".contains(" \(verb) ") && !$0.contains("cache-image-probe")
        }
    }

    private func run(_ engine: Engine, network: String? = nil, options: [String] = []) async throws -> Int32 {
        var request = RunRequest(image: "x", command: ["true"])
        (request.isInteractive, request.network, request.options) = (false, network, options)
        return try await engine.run(request)
    }

    private func build(_ engine: Engine, _ sandbox: Sandbox, offline: Bool = false, options: [String] = []) async throws
    {
        let context = sandbox.path("context")
        try FileManager.default.createDirectory(atPath: context.string, withIntermediateDirectories: true)
        var request = BuildRequest(context: context, dockerfile: [], name: try ImageName("x"), scratch: sandbox.root)
        (request.offline, request.options) = (offline, options)
        _ = try await engine.build(request)
    }

    /// Everything that engines say where they have no network, may not raise limits, are away or want another API.
    static let engineWords = """
        echo 'Error: netavark: iptables: no network found, network bridge not found' >&2
        echo 'docker: Error response from daemon: failed to create endpoint x on network bridge' >&2
        echo 'error setting rlimit type 7: setrlimit: operation not permitted' >&2
        echo 'Cannot connect to the Docker daemon at unix:///x. Is the docker daemon running?' >&2
        echo 'client version 1.52 is too new. Maximum supported API version is 1.41' >&2
        echo 'Error: no such image, creating container for, did not get container create message' >&2

        """

    @Test(arguments: [Dialect.podman, .docker], [1, 125, 126, 127] as [Int32])
    func aTestThatTalksLikeAnEngineRunsOnce(_ dialect: Dialect, _ status: Int32) async throws {
        try await Sandbox.with { sandbox in
            let warnings = Warnings()
            let engine = try engine(
                sandbox, dialect, user: Self.engineWords + "exit \(status)", warnings: warnings)
            #expect(try await run(engine) == status)
            #expect(try await run(engine) == status)
            let runs = try calls(sandbox, of: "run")
            #expect(runs.count == 2 && runs.allSatisfy { !$0.contains("--network") && !$0.contains("--rm") })
            #expect(runs.allSatisfy { $0.contains("--label io.cache-image.run=") })
            #expect(warnings.all == [])
            #expect(try calls(sandbox, of: "rm").count == 2)
            // Only what leaves open whether the command started is asked.
            #expect(try calls(sandbox, of: "container").count == (status > 1 ? 2 : 0))
        }
    }

    @Test func buildahsCommandPassesItsStatusWhateverItPrints() async throws {
        try await Sandbox.with { sandbox in
            let engine = try engine(sandbox, .buildah, user: Self.engineWords + "exit 1")
            #expect(try await run(engine) == 1)
            #expect(try calls(sandbox, of: "run").count == 1)
        }
    }

    @Test(arguments: [Dialect.podman, .docker, .buildah])
    func aBuildThatTalksLikeAnEngineIsBuiltOnce(_ dialect: Dialect) async throws {
        try await Sandbox.with { sandbox in
            let engine = try engine(sandbox, dialect, build: Self.engineWords + "exit 1")
            do {
                try await build(engine, sandbox)
                Issue.record("the build should fail")
            } catch let error as EngineError {
                guard case .buildFailed = error.kind else { return #expect(Bool(false), "\(error)") }
            }
            let builds = try calls(sandbox, of: "build")
            #expect(builds.count == 1 && !builds[0].contains("--network"))
        }
    }

    @Test(arguments: [Dialect.podman, .docker])
    func theHostsNetworkIsGivenWhereThereIsNoOtherAndItIsSaidEachTime(_ dialect: Dialect) async throws {
        try await Sandbox.with { sandbox in
            let warnings = Warnings()
            let engine = try engine(sandbox, dialect, start: "[ $NET != own ]", warnings: warnings)
            #expect(try await run(engine) == 0)
            try await build(engine, sandbox)
            #expect(try calls(sandbox, of: "run")[0].contains("--network host"))
            #expect(try calls(sandbox, of: "build")[0].contains("--network host"))
            #expect(warnings.all.count == 2 && warnings.all.allSatisfy { $0.contains("on the host's network") })
            // What can be given is given, without a word.
            #expect(try await run(engine, network: "none") == 0)
            #expect(try await run(engine, network: "host") == 0)
            try await build(engine, sandbox, offline: true)
            #expect(try calls(sandbox, of: "build")[1].contains("--network none"))
            #expect(warnings.all.count == 2)
            // What cannot be given is refused, before anything runs.
            let before = try calls(sandbox, of: "run").count
            for (network, options) in [("mine", []), (nil, ["--network", "mine"]), (nil, ["--net=mine"])] {
                await #expect(throws: EngineError.self) {
                    try await run(engine, network: network, options: options)
                }
            }
            #expect(try calls(sandbox, of: "run").count == before)
        }
    }

    @Test func whereOnlyTheHostsNetworkIsNoneIsRefusedToo() async throws {
        try await Sandbox.with { sandbox in
            let engine = try engine(sandbox, .docker, start: "[ $NET = host ]")
            await #expect(throws: EngineError.self) { try await run(engine, network: "none") }
            await #expect(throws: EngineError.self) { try await build(engine, sandbox, offline: true) }
            #expect(try calls(sandbox, of: "run").isEmpty)
            #expect(try await run(engine) == 0)
        }
    }

    @Test func limitsAreAskedForWhereContainersNeedThem() async throws {
        try await Sandbox.with { sandbox in
            let warnings = Warnings()
            let engine = try engine(sandbox, .docker, start: "[ $LIMIT = 1 ]", warnings: warnings)
            #expect(try await run(engine) == 0)
            #expect(try await run(engine, options: ["--ulimit", "nofile=5:5"]) == 0)
            let runs = try calls(sandbox, of: "run")
            #expect(runs[0].contains("--ulimit nofile=") && !runs[0].contains("--network"))
            #expect(!runs[1].contains("nproc"))
            #expect(warnings.all == [])
        }
    }

    @Test func isolationIsGivenUpLastAndSaid() async throws {
        try await Sandbox.with { sandbox in
            let warnings = Warnings()
            let engine = try engine(sandbox, .podman, start: "[ $CHROOT = 1 ]", warnings: warnings)
            try await build(engine, sandbox)
            #expect(try calls(sandbox, of: "build")[0].contains("--isolation chroot"))
            #expect(warnings.all.count == 1 && warnings.all[0].contains("without isolation"))
        }
    }

    @Test func whereNothingStartsTheEngineIsUsedAsItIs() async throws {
        try await Sandbox.with { sandbox in
            let warnings = Warnings()
            let engine = try engine(sandbox, .docker, start: "exit 125", user: "exit 3", warnings: warnings)
            #expect(try await run(engine) == 3)
            #expect(warnings.all == [])
            #expect(try calls(sandbox, of: "run")[0].contains("--network") == false)
        }
    }

    @Test func aContainerThatDidNotStartIsAFailureOfTheEngine() async throws {
        try await Sandbox.with { sandbox in
            let started = "0001-01-01T00:00:00Z"
            let engine = try engine(sandbox, .docker, user: "exit 125", started: started)
            await #expect(throws: EngineError.self) { try await run(engine) }
            #expect(try calls(sandbox, of: "rm").count == 1)
            // A command that is not there, or no program, is the level's own mistake.
            let missing = try self.engine(sandbox, .docker, user: "exit 127", started: started)
            #expect(try await run(missing) == 127)
        }
    }
}
