import Configuration
import Foundation
import JSON
import TestSupport
import Testing

/// What a configuration file cannot have without trust, and what it cannot have at all.
@Suite struct TrustTests {
    private func level(_ text: String) async throws -> TrustQuestion? {
        try await Sandbox.with { sandbox in
            // What is mounted must be there.
            for file in ["project/src/a", "project/.git/config", "project/vars", "x/a"] { try sandbox.write(file, "") }
            try sandbox.write("project/cache-image.yml", "images: {app: }\ntests: {levels: {unit: \(text)}}")
            let configuration = try ProjectConfiguration.load(
                Overrides(), from: sandbox.path("project"), workTree: sandbox.path("project"), environment: [:])
            #expect(configuration.levels[0].mistake == nil, "\(text)")
            return configuration.question(about: configuration.levels[0])
        }
    }

    private func build(_ options: String) async throws -> TrustQuestion? {
        let configuration = try await load("images: {app: {buildOptions: [\(options)]}}")
        return configuration.buildQuestion(about: configuration.images[0])
    }

    @Test(arguments: [
        ("secrets: [{id: npm, env: NPM_TOKEN}]", "hands your variable NPM_TOKEN to the build"),
        ("secrets: [{id: key, file: ./key}]", "hands the file /"),
        ("args: {PLAIN: , API_TOKEN: }", "hands your variable API_TOKEN to the build"),
        ("secretArgs: [PLAIN], args: {PLAIN: }", "hands your variable PLAIN to the build"),
    ])
    func whatABuildGetsOfTheCallersSecretsNeedsTrust(keys: String, reason: String) async throws {
        let configuration = try await load("images: {app: {\(keys)}}", environment: ["PLAIN": "1", "API_TOKEN": "t"])
        let question = try #require(configuration.buildQuestion(about: configuration.images[0]))
        #expect(question.reasons.contains { $0.contains(reason) }, "\(question)")
        #expect(!question.values.contains { $0.contains("PLAIN: \"1\"") || $0.contains("\"t\"") })
        let plain = try await load("images: {app: {args: {PLAIN: , OTHER: x}}}", environment: ["PLAIN": "1"])
        #expect(plain.buildQuestion(about: plain.images[0]) == nil)
    }

    @Test(arguments: [
        "[a]", "{}", "{command: [a], network: none}", "{command: [a], network: team}", "{command: [a], user: root}",
        "{command: [a], mounts: ['.:/app', './.:/t:ro']}", "{command: [a], passEnv: [CI, PATH]}",
        "{command: [a], env: {API_TOKEN: x}}", "{command: [a], options: [--entrypoint, '']}",
        "{command: [a], options: [--tmpfs, /tmp, -m, 1g, --init, --env, A=b, --env=C=, -e, D=e]}",
        "{command: [a], options: [-v, './src:/x:ro,z', '--volume=.:/y', -v, /anonymous]}",
        "{command: [a], options: [--network, none, --security-opt=no-new-privileges, --read-only=true]}",
    ])
    func aPlainLevelNeedsNoTrust(text: String) async throws {
        #expect(try await level(text) == nil, "\(text)")
    }

    @Test(arguments: [
        ("{on: host, command: [a]}", "runs a command on this machine"),
        ("{command: [a], mounts: ['/:/host']}", "gives the container /, which is not of this work tree"),
        ("{command: [a], mounts: ['./../..:/host']}", "gives the container ./../.., which"),
        ("{command: [a], mounts: ['data:/data']}", "gives the container the volume data"),
        ("{command: [a], passEnv: [CI, API_TOKEN]}", "hands your variable API_TOKEN to the container"),
        ("{command: [a], network: host}", "runs in the network host"),
        ("{command: [a], network: 'container:db'}", "runs in the network container:db"),
        ("{command: [a], options: [--privileged]}", "runs a container with the option --privileged"),
        ("{command: [a], options: [--privileged=true]}", "the option --privileged"),
        ("{command: [a], options: [--init, -v, '/etc:/x']}", "-v /etc, which is not of this work tree"),
        ("{command: [a], options: ['--volume=./../..:/x']}", "--volume ./../.., which is not"),
        ("{command: [a], options: [-v, './src/../../x:/x']}", "which is not of this work tree"),
        ("{command: [a], options: [-v, './.git:/x']}", "./.git, which is not of this work tree"),
        ("{command: [a], options: [-v, 'data:/x']}", "-v data:/x"),
        ("{command: [a], options: [-v, './src:/x:O,upperdir=/home']}", "upperdir=/home"),
        ("{command: [a], options: [-v/:/x]}", "the option -v/:/x"),
        ("{command: [a], options: [-e, API_TOKEN]}", "-e API_TOKEN"),
        ("{command: [a], options: ['--env=AWS*']}", "--env AWS*"),
        ("{command: [a], options: [--network, host]}", "--network host"),
        ("{command: [a], options: [--network=container:db]}", "--network container:db"),
        ("{command: [a], options: [-p, '80:80']}", "the option -p"),
        ("{command: [a], options: [--device, /dev/kvm]}", "the option --device"),
        ("{command: [a], options: [--security-opt, label=disable]}", "--security-opt label=disable"),
        ("{command: [a], options: [--annotation, run.oci.handler=krun]}", "--annotation run.oci.handler=krun"),
        ("{command: [a], options: ['--annotation=run.oci.hooks.stdout=/x']}", "--annotation run.oci.hooks"),
        ("{command: [a], options: [--annotation, io.podman.annotations.privileged=TRUE]}", "--annotation io.podman"),
        ("{command: [a], options: [--annotation, org.systemd.property.ExecStop=x]}", "--annotation org.systemd"),
        ("{command: [a], options: [--annotation, org.opencontainers.image.title]}", "--annotation org.opencontainers"),
        ("{command: [a], options: [--annotation, org.opencontainers.imagex=y]}", "--annotation org.opencontainers"),
        ("{command: [a], options: [--init=x]}", "the option --init=x"),
        ("{command: [a], options: [--env-file, ./vars]}", "the option --env-file"),
        ("{options: [--entrypoint, --privileged, --privileged]}", "the option --privileged"),
    ])
    func whatLeavesTheContainerIsAsked(text: String, reason: String) async throws {
        let question = try #require(try await level(text), "\(text)")
        #expect(question.subject == "tests.levels.unit")
        #expect(question.reasons.count == 1)
        #expect(question.reasons[0].hasPrefix("cache-image.yml:2: tests.levels.unit "), "\(question.reasons)")
        #expect(question.reasons[0].contains(reason), "\(question.reasons)")
    }

    @Test func aMountThroughALinkOutOfTheWorkTreeIsAsked() async throws {
        try await Sandbox.with { sandbox in
            try sandbox.write("project/src/a", "")
            try sandbox.write("project/.git/config", "")
            try sandbox.write("home/secret", "")
            for (name, target) in [("out", "../home"), ("git", ".git"), ("in", "src")] {
                try FileManager.default.createSymbolicLink(
                    atPath: sandbox.path("project/\(name)").string, withDestinationPath: target)
            }
            for (source, isAsked) in [
                ("./out", true), ("./git", true), ("./out/../src", false), ("./in", false), ("./.git", true),
                (sandbox.path("home").string, true), (sandbox.path("project/src").string, false),
            ] {
                for key in ["mounts: ['\(source):/x']", "options: [-v, '\(source):/x']"] {
                    try sandbox.write(
                        "project/cache-image.yml",
                        "images: {app: }\ntests: {levels: {unit: {command: [a], \(key)}}}\n")
                    let configuration = try ProjectConfiguration.load(
                        Overrides(), from: sandbox.path("project"), workTree: sandbox.path("project"), environment: [:])
                    let level = configuration.levels[0]
                    #expect(level.mistake == nil, "\(key)")
                    #expect((configuration.question(about: level) != nil) == isAsked, "\(key)")
                }
            }
        }
    }

    @Test(
        arguments: [
            ("--network, none", nil), ("--add-host, 'a:1.2.3.4'", nil), ("--build-arg, A=b", nil), ("--no-cache", nil),
            ("--build-context, 'lib=../project/lib'", nil), ("--secret, 'id=a,src=words'", nil),
            ("-v, './lib:/lib:ro'", nil),
            ("--annotation, org.opencontainers.image.title=x", nil),
            ("--annotation, run.oci.handler=krun", "--annotation run.oci.handler=krun"),
            ("--annotation=a=b", "--annotation a=b"),
            ("--network, host", "--network host"), ("-v, '/:/host'", "-v /, which is not of this work tree"),
            ("--build-arg, API_TOKEN", "--build-arg API_TOKEN"), ("--build-context, 'lib=../..'", "../.."),
            ("--build-context, 'lib=docker-image://x'", "docker-image://x"), ("--build-context, lib=.git", ".git"),
            ("--secret, 'id=a,src=/etc/shadow'", "--secret /etc/shadow"), ("--secret, 'id=a,env=TOKEN'", "env=TOKEN"),
            ("--secret, id=a", "--secret id=a"), ("--ssh, default", "the option --ssh"), ("--cap-add=ALL", "--cap-add"),
            ("--output, /home", "the option --output"), ("--pull, x", "--pull"),
        ] as [(String, String?)])
    func buildOptionsAreHarmlessOrAsked(options: String, reason: String?) async throws {
        let question = try await build(options)
        #expect((question == nil) == (reason == nil), "\(options)")
        guard let question, let reason else { return }
        #expect(question.reasons[0].hasPrefix("cache-image.yml:1: images.app builds with "))
        #expect(question.reasons[0].contains(reason), "\(question.reasons)")
        #expect(question.values[0].hasPrefix("buildOptions: ["))
    }

    @Test(arguments: [
        ("app", false), ("team/app", false), ("localhost/app", false), ("docker.io/library/debian", true),
        ("docker.io/app", true), ("ghcr.io/team/app", true), ("localhost:5000/app", true), ("index.docker.io/a", true),
    ])
    func namesOfARegistryAreAsked(name: String, isAsked: Bool) async throws {
        let configuration = try await load("images: {'\(name)': {tag: '1'}}")
        let question = configuration.nameQuestion(about: configuration.images[0])
        #expect((question != nil) == isAsked)
        if let question { #expect(question.values == ["name: \(name):1"]) }
        var given = Overrides()
        given[.imageName] = name
        let flag = try await load("", given)
        #expect(flag.nameQuestion(about: flag.selected[0]) == nil)
    }

    @Test func whatIsTrustedIsTheWholeLevelAndNoLine() async throws {
        func identity(_ level: String, after lines: String = "") async throws -> [UInt8] {
            let text = "\(lines)images: {app: }\ntests: {levels: {unit: \(level)}}"
            let configuration = try await load(text)
            return try #require(configuration.question(about: configuration.levels[0])).identity
        }
        let level = "{on: host, command: [a], env: {A: x, MY_TOKEN: s}}"
        let first = try await identity(level)
        #expect(try await identity(level, after: "x-common: 1\n\n") == first)
        #expect(try await identity("{command: [a], env: {MY_TOKEN: s, A: x}, on: host}") == first)
        for other in [
            "{on: host, command: [b], env: {A: x, MY_TOKEN: s}}", "{on: host, command: [a], env: {A: y, MY_TOKEN: s}}",
            "{on: host, command: [a], env: {A: x, MY_TOKEN: t}}",
            "{on: host, command: [a, ''], env: {A: x, MY_TOKEN: s}}",
            "{on: host, command: [a], env: {A: x, MY_TOKEN: s}, workdir: sub}",
        ] { #expect(try await identity(other) != first, "\(other)") }
        let shown = try await self.level(level)
        #expect(shown?.values.joined().contains("\"s\"") == false)
    }

    @Test(arguments: [
        ("images: {app: {context: /home}}", "images.app.context: \"/home\" lies outside of the work tree"),
        ("images: {app: {context: ..}}", "images.app.context: \"..\" lies outside of the work tree"),
        ("images: {app: {context: a/../../b}}", "lies outside of the work tree"),
        ("images: {app: {dockerfile: ../Dockerfile}}", "images.app.dockerfile: \"../Dockerfile\" lies outside"),
        ("images: {app: {context: .git}}", "images.app.context: \".git\" lies in Git's own folder"),
        ("images: {app: {dockerfile: lib/.git/x}}", "lies in Git's own folder"),
        ("cache: .git/x", "cache: \".git/x\" lies in Git's own folder"),
        ("cache: lib/.GIT", "lies in Git's own folder"), ("cache: ..", "expected a folder below"),
        ("cache: /tmp", "expected a folder below"),
    ])
    func pathsOfTheFileStayInTheProject(text: String, reason: String) async {
        let message = await failure(text)
        #expect(message.hasPrefix("cannot read cache-image.yml:1: "), "\(message)")
        #expect(message.contains(reason), "\(message)")
    }

    @Test func aFlagMayLeaveTheProject() async throws {
        var given = Overrides()
        given[.context] = "/srv"
        given[.dockerfile] = "../Dockerfile"
        let configuration = try await load("images: {app: {context: /home}}", given)
        #expect(configuration.selected[0].context == "/srv")
    }

    @Test func theVariableHoldsForOneRun() async throws {
        var flag = Overrides()
        flag.give(.trust)
        guard case .given = try await load("", flag).trust else { throw Failure() }
        guard case .givenForThisRun = try await load("", environment: ["CACHE_IMAGE_TRUST": "1"]).trust else {
            throw Failure()
        }
        guard case .asked = try await load("", environment: ["CACHE_IMAGE_TRUST": "0"]).trust else { throw Failure() }
    }

    @Test(arguments: ["true", "yes", "on", "True", "01", "1 ", "2", "trust"])
    func noOtherWordOfTheVariableTrusts(_ word: String) async throws {
        await #expect(throws: ConfigurationError.self) { try await load("", environment: ["CACHE_IMAGE_TRUST": word]) }
    }

    private struct Failure: Error {}

    @Test func whatARecipeWishesIsAskedByItsValues() async throws {
        let configuration = try await load("images: {edge: {os: os/edge.yml}}")
        let image = try #require(configuration.images.first)
        func question(_ line: Int, _ command: String) -> TrustQuestion? {
            let wish = TrustWish(reason: "os/edge.yml:\(line): runs commands", values: ["cmd: \(command)"])
            return configuration.recipeQuestion(about: image, [wish])
        }
        #expect(configuration.recipeQuestion(about: image, []) == nil)
        #expect(question(1, "a")?.reasons == ["os/edge.yml:1: runs commands"])
        // The line does not count, the values do.
        #expect(question(1, "a")?.identity == question(2, "a")?.identity)
        #expect(question(1, "a")?.identity != question(1, "b")?.identity)
    }
}
