import JSON
import OCI
import SystemPackage
import Testing

@testable import Engines

/// What each engine's program is called with; no engine runs.
@Suite struct DialectTests {
    struct Row: Sendable, CustomStringConvertible {
        let verb: String
        let arguments: @Sendable (Dialect) throws -> [String]?
        let podman, docker, buildah: String?

        init(
            _ verb: String, podman: String?, docker: String?, buildah: String?,
            _ arguments: @escaping @Sendable (Dialect) throws -> [String]?
        ) {
            (self.verb, self.arguments) = (verb, arguments)
            (self.podman, self.docker, self.buildah) = (podman, docker, buildah)
        }

        var description: String { verb }
    }

    static let rows = [
        Row(
            "introduction", podman: "info --format {{.Version.Version}} {{.Host.Arch}}",
            docker: "version --format {{.Server.Version}} {{.Server.Arch}}", buildah: "info"
        ) { $0.service.introduction },
        Row(
            "version", podman: "--version", docker: "version --format {{.Server.Version}}", buildah: "--version"
        ) { $0.service.version },
        Row("presence", podman: "version", docker: "version", buildah: "version") { $0.service.presence },
        Row(
            "address", podman: nil, docker: "context inspect --format {{.Endpoints.docker.Host}}", buildah: nil
        ) { $0.service.address },
        Row(
            "inspect", podman: "image inspect a b", docker: "image inspect a b", buildah: "inspect --type image a b"
        ) { $0.images.inspect(["a", "b"]) },
        Row("exists", podman: "image exists a", docker: nil, buildah: nil) { $0.images.exists?("a") },
        Row(
            "store",
            podman: "info --format {{if not .Host.ServiceIsRemote}}"
                + "{{.Store.GraphRoot}}/{{.Store.GraphDriverName}}{{end}}",
            docker: nil,
            buildah: "info --format {{.store.GraphRoot}}/{{.store.GraphDriverName}}"
        ) { $0.images.storeRecords },
        Row(
            "load a part", podman: "pull --quiet docker-archive:/proc/self/fd/0", docker: "load",
            buildah: "pull --quiet docker-archive:/proc/self/fd/0"
        ) {
            switch ($0.images.sparing, $0.images.load) {
            case (.file(let arguments), _), (.chain, .pipe(let arguments)): arguments
            case (.none, _), (.chain, .file): nil
            }
        },
        Row(
            "list", podman: "images --no-trunc --format {{.ID}} {{.Repository}}:{{.Tag}}",
            docker: "image ls --no-trunc --format {{.ID}} {{.Repository}}:{{.Tag}}",
            buildah: "images --no-trunc --format {{.ID}} {{.Name}}:{{.Tag}}"
        ) { $0.images.list },
        Row("tag", podman: "tag 1 localhost/a:2", docker: "tag 1 a:2", buildah: "tag 1 localhost/a:2") {
            $0.images.tag("1", $0.reference(try ImageName("a:2")))
        },
        Row("tag with a host", podman: "tag 1 h.io/a:2", docker: "tag 1 h.io/a:2", buildah: "tag 1 h.io/a:2") {
            $0.images.tag("1", $0.reference(try ImageName("h.io/a:2")))
        },
        Row(
            "pull", podman: "pull --quiet --platform linux/amd64 a", docker: "pull --quiet --platform linux/amd64 a",
            buildah: "pull --quiet a"
        ) { $0.images.pull("a", .linuxAMD64) },
        Row(
            "pull for another platform", podman: "pull --quiet --platform linux/arm64 a",
            docker: "pull --quiet --platform linux/arm64 a", buildah: "pull --quiet --platform linux/arm64 a"
        ) { $0.images.pull("a", Platform(os: "linux", architecture: "arm64")) },
        Row(
            "save", podman: "save --format docker-archive a", docker: "save a",
            buildah: "push --quiet a docker-archive:/dev/stdout"
        ) { $0.images.save("a") },
        Row("load", podman: "load", docker: "load", buildah: "pull --quiet docker-archive:/f") {
            switch $0.images.load {
            case .pipe(let arguments): arguments
            case .file(let arguments): arguments("/f")
            }
        },
        Row("import", podman: "import - a", docker: "import - a", buildah: "import - a") { $0.images.importing("a") },
        Row("remove", podman: "rmi --force a", docker: "rmi --force a", buildah: "rmi --force a") {
            $0.images.remove("a")
        },
        Row("make a container", podman: nil, docker: nil, buildah: "from --pull-never --name c i") {
            $0.containers.working?.make("c", "i")
        },
        Row("copy", podman: nil, docker: nil, buildah: "copy c /f /t") { $0.containers.working?.copy("c", "/f", "/t") },
        Row(
            "started", podman: "container inspect --format {{.State.StartedAt}} c",
            docker: "container inspect --format {{.State.StartedAt}} c", buildah: nil
        ) { $0.containers.startedAt?("c") },
        Row(
            "inspect a container", podman: "container inspect c", docker: "container inspect c", buildah: "inspect c"
        ) { $0.containers.inspect("c") },
        Row(
            "labelled", podman: "ps --all --quiet --no-trunc --filter label=l",
            docker: "ps --all --quiet --no-trunc --filter label=l", buildah: nil
        ) { $0.containers.labelled?("l") },
        Row("kill", podman: "kill c", docker: "kill c", buildah: nil) { $0.containers.kill?("c") },
        Row(
            "remove a container", podman: "rm --force --volumes c", docker: "rm --force --volumes c", buildah: "rm c"
        ) { $0.containers.remove("c") },
        Row(
            "working containers", podman: "ps --all --external --no-trunc --format {{.ID}} {{.Status}} {{.Names}}",
            docker: nil, buildah: "containers --quiet --notruncate"
        ) { $0.workingContainers?.list },
        Row("remove working containers", podman: "rm --force 1 2", docker: nil, buildah: "rm 1 2") {
            $0.workingContainers?.remove(["1", "2"])
        },
    ]

    @Test(arguments: rows) func everyVerbIsSaidAsTheEngineKnowsIt(row: Row) throws {
        for (dialect, expected) in [(Dialect.podman, row.podman), (.docker, row.docker), (.buildah, row.buildah)] {
            #expect(try row.arguments(dialect)?.joined(separator: " ") == expected, "\(dialect)")
        }
    }

    @Test func theVersionIsReadOfWhatIsSaid() {
        #expect(Dialect.podman.service.readVersion(["podman", "version", "4.3.1"]) == "4.3.1")
        #expect(Dialect.buildah.service.readVersion(["buildah", "version", "1.28.2", "(image-spec", "1)"]) == "1.28.2")
        #expect(Dialect.docker.service.readVersion(["20.10.1"]) == "20.10.1")
        #expect(Dialect.podman.service.readVersion([]) == nil)
    }

    @Test func podmansListShowsTheContainersOfBuildsOnly() throws {
        let read = try #require(Dialect.podman.workingContainers).read
        #expect(read("1 Storage a-working-container") == "1")
        #expect(read("1 Up a-working-container") == nil)
        #expect(read("1 Storage mine") == nil)
        #expect(read("1 Up 2 minutes a-working-container") == nil)
    }

    @Test func theAbilitiesThatOthersAskFor() {
        #expect(Dialect.all.map(\.name) == ["podman", "docker", "buildah"])
        #expect(Dialect.all.filter(\.hasExactStepCache) == [.docker])
        #expect(Dialect.all.filter(\.takesReplacedBase) == [.podman, .buildah])
        #expect(Dialect(named: "docker") == .docker)
        #expect(Dialect(named: "nerdctl") == nil)
    }

    // MARK: Builds

    private static func build(_ change: (inout BuildRequest) -> Void = { _ in }) throws -> BuildRequest {
        var request = BuildRequest(
            context: "/c", dockerfile: [], name: try ImageName("a:1"), scratch: "/s")
        change(&request)
        return request
    }

    private static func builders() async throws -> [(String, Builder, Dialect)] {
        var builders = [("buildx", Builder.buildx, Dialect.docker)]
        builders += [("builtIn", .builtInBuildKit, .docker), ("legacy", .dockerLegacy, .docker)]
        for dialect in [Dialect.podman, .buildah] {
            let engine = Engine(dialect, executable: "/nowhere", environment: [:])
            builders.append((dialect.name, try await dialect.builder(engine), dialect))
        }
        return builders
    }

    private static func said(
        _ request: BuildRequest, _ abilities: Abilities = Abilities(), network: [String] = []
    ) async throws -> [String: String] {
        var said: [String: String] = [:]
        for (label, builder, dialect) in try await builders() {
            let call = BuildCall(
                request: request, tag: dialect.reference(request.name), dockerfile: "/D", ignoreFile: "/I",
                idFile: "/id", abilities: abilities, network: network)
            said[label] = builder.arguments(call).joined(separator: " ")
        }
        return said
    }

    @Test func everyBuilderGetsTheSameRequest() async throws {
        let plain = try await Self.said(Self.build())
        let library = "build --format docker --layers -f /D --ignorefile /I --iidfile /id --tag localhost/a:1 /c"
        #expect(plain["podman"] == library && plain["buildah"] == library)
        #expect(plain["buildx"] == "buildx build --load --progress plain -f /D --iidfile /id --tag a:1 /c")
        #expect(plain["builtIn"] == "build --progress plain -f /D --iidfile /id --tag a:1 /c")
        #expect(plain["legacy"] == "build -f /D --iidfile /id --tag a:1 -")

        let request = try Self.build { request in
            request.target = "t"
            request.platform = .linuxAMD64
            request.noCache = true
            request.arguments = [("A", "1"), ("B", nil)]
            request.labels = [("l", "2")]
            request.bases = ["b": "9"]
            request.options = ["--own"]
            request.offline = true
        }
        var abilities = Abilities()
        (abilities.runtime, abilities.isChroot) = ("runc", true)
        let full = try await Self.said(request, abilities, network: ["--network", "none"])
        let common =
            "--target t --platform linux/amd64 --no-cache --build-arg A=1 --build-arg B --label l=2 --network none --own"
        let files = "--isolation chroot -f /D --ignorefile /I --iidfile /id --tag localhost/a:1"
        let base = "--build-context b=container-image://9"
        #expect(
            full["podman"]
                == "--runtime runc build --format docker --layers \(files) --pull=never \(base) \(common) /c")
        #expect(
            full["buildah"]
                == "build --format docker --layers --runtime runc \(files) --pull-never \(base) \(common) /c")
        #expect(full["builtIn"] == "build --progress plain -f /D --iidfile /id --tag a:1 \(common) /c")
        #expect(full["legacy"] == "build -f /D --iidfile /id --tag a:1 \(common) -")
    }

    @Test func aBuildThatMayNotRaiseLimitsGetsOurOwn() async throws {
        var abilities = Abilities()
        abilities.needsOwnLimits = true
        let limited = try await Self.said(Self.build(), abilities)
        let chosen = try await Self.said(Self.build { $0.options = ["--ulimit", "nofile=9:9"] }, abilities)
        for name in ["podman", "buildah"] {
            #expect(limited[name]?.contains("--layers --ulimit nofile=") ?? false)
            #expect(chosen[name]?.ranges(of: "--ulimit").count == 1)
        }
        #expect(limited["legacy"]?.contains("--ulimit") == false)
    }

    @Test func theCallersOwnNumberIsMappedToItself() {
        func said(_ dialect: Dialect, isRootless: Bool, options: [String] = []) -> String {
            var request = RunRequest(image: "i", command: ["x"])
            (request.user, request.isCaller, request.options) = ("7:7", true, options)
            let call = RunCall(
                request: request, abilities: Abilities(), container: "c", owner: "me", hasTerminal: false,
                isRootless: isRootless)
            return dialect.containers.run(call).joined(separator: " ")
        }
        #expect(said(.podman, isRootless: true).contains("--userns=keep-id"))
        #expect(!said(.podman, isRootless: false).contains("--userns"))
        #expect(!said(.docker, isRootless: true).contains("--userns"))
        #expect(!said(.podman, isRootless: true, options: ["--userns", "auto"]).contains("keep-id"))
    }

    // MARK: Runs

    private static func run(_ dialect: Dialect, _ change: (inout RunRequest, inout Abilities, inout RunCall) -> Void)
        -> String
    {
        var request = RunRequest(image: "i", command: ["x", "y"])
        var abilities = Abilities()
        var call = RunCall(request: request, abilities: abilities, container: "c", owner: "me", hasTerminal: false)
        change(&request, &abilities, &call)
        call = RunCall(
            request: request, abilities: abilities, container: "c", owner: "me", hasTerminal: call.hasTerminal,
            environment: call.environment, hasSystemd: call.hasSystemd, image: call.image, runtimeLog: call.runtimeLog)
        return dialect.containers.run(call).joined(separator: " ")
    }

    static let label = "--label io.cache-image.run=me"

    @Test func aRunIsSaidAsTheEngineKnowsIt() {
        for dialect in [Dialect.podman, .docker] {
            #expect(
                Self.run(dialect) { _, _, _ in } == "run --pull=never --name c \(Self.label) i x y")
        }
        #expect(Self.run(.buildah) { _, _, _ in } == "run --terminal=false -- c x y")

        func all(_ dialect: Dialect) -> String {
            Self.run(dialect) { request, _, call in
                request.mounts = [
                    .init(source: "/a", target: "/b"), .init(source: "/c", target: "/d", options: ["ro", "z"]),
                ]
                request.environment = [("A", "1")]
                request.passedEnvironment = ["P", "Q"]
                request.user = "1:2"
                request.workingDirectory = "/w"
                request.network = "none"
                request.options = ["--own"]
                request.isInteractive = true
                call.hasTerminal = true
                call.environment = ["P": "7"]
            }
        }
        let mounts = "--volume /a:/b --volume /c:/d:ro,z --env A=1"
        let rest = "--env P --env Q --user 1:2 --workdir /w --network none --own i x y"
        for dialect in [Dialect.podman, .docker] {
            #expect(
                all(dialect) == "run --pull=never --name c \(Self.label) --interactive --tty \(mounts) \(rest)")
        }
        #expect(
            all(.buildah)
                == "run --terminal=true \(mounts) --user 1:2 --workingdir /w --network none --own -- c x y")
    }

    @Test func whatContainersNeedHereIsAskedFor() {
        func reduced(_ dialect: Dialect, options: [String] = []) -> String {
            Self.run(dialect) { request, abilities, call in
                (abilities.runtime, abilities.network) = ("runc", .host)
                request.options = options
                call.runtimeLog = "/log"
            }
        }
        #expect(reduced(.podman).hasPrefix("--runtime runc run ") && reduced(.podman).contains("--network host i"))
        #expect(
            reduced(.buildah)
                == "run --runtime runc --terminal=false --network host --runtime-flag log=/log --runtime-flag log-format=json -- c x y"
        )
        #expect(!reduced(.podman, options: ["--net=none"]).contains("host"))
        #expect(!reduced(.buildah, options: ["--network", "none"]).contains("host"))
        let free = Self.run(.buildah) { _, abilities, call in
            (abilities.isChroot, call.runtimeLog) = (true, "/log")
        }
        #expect(free == "run --isolation chroot --terminal=false -- c x y")
        for dialect in [Dialect.podman, .docker] {
            let limited = Self.run(dialect) { _, abilities, _ in abilities.needsOwnLimits = true }
            #expect(limited.contains("--ulimit nofile="))
        }
    }

    @Test func onlyPodmanAloneLacksTimersForHealthChecks() {
        func isDropped(_ dialect: Dialect, options: [String] = [], environment: [String: String] = [:]) -> Bool {
            Self.run(dialect) { request, _, call in
                (call.hasSystemd, call.environment, request.options) = (false, environment, options)
            }.contains("--no-healthcheck")
        }
        #expect(isDropped(.podman))
        #expect(!isDropped(.docker))
        #expect(!isDropped(.podman, options: ["--health-cmd=x"]))
        #expect(!isDropped(.podman, environment: ["CONTAINER_HOST": "unix:///x"]))
    }

    @Test func buildahIsToldTheWholeCommand() {
        func said(_ command: [String]) -> String {
            Self.run(.buildah) { request, _, call in
                request.command = command
                var image = RuntimeConfig()
                (image.entrypoint, image.cmd) = (["entry"], ["own"])
                call.image = image
            }
        }
        #expect(said(["x"]) == "run --terminal=false -- c entry x")
        #expect(said([]) == "run --terminal=false -- c entry own")
    }
}
