import Configuration
import Foundation
import Testing

/// Which arguments are secret, where their values may stand, and what names they may have.
@Suite struct SecretSettingsTests {
    @Test func aSecretIsAnArgumentThatWasGivenFromOutside() async throws {
        var overrides = Overrides()
        overrides[all: .buildArgument] = ["TOKEN=a", "DEPLOY", "PLAIN=c"]
        let image = try #require(
            try await load(
                "images: {app: {secretArgs: [DEPLOY, ABSENT], args: {DB_PASSWORD: in-the-file}}}", overrides,
                environment: ["DEPLOY": "b"]
            ).images.first)
        #expect(image.secretArguments == ["TOKEN", "DEPLOY"])
        #expect(image.arguments["DEPLOY"] == "b" && image.arguments["DB_PASSWORD"] == "in-the-file")
    }

    @Test func noSecretIsShown() async throws {
        var overrides = Overrides()
        overrides[all: .buildArgument] = ["TOKEN=v1", "DEPLOY=v2"]
        let settings = try await load("images: {app: {secretArgs: [DEPLOY], args: {API_KEY: v3}}}", overrides).settings
        let shown = settings.map { "\($0.path)=\($0.value.text)" }.joined(separator: "\n")
        for value in ["v1", "v2", "v3"] { #expect(!shown.contains(value)) }
        #expect(shown.contains("images.app.secretArgs=[\"DEPLOY\"]"))
    }

    @Test func theValueOfASecretArgumentMayNotStandInTheFile() async {
        #expect(
            await failure("images:\n  app:\n    secretArgs: [DEPLOY]\n    args:\n      DEPLOY: x\n")
                == "cannot read cache-image.yml:5: images.app.args.DEPLOY: "
                + "secretArgs says that DEPLOY is secret, and this file holds its value")
    }

    @Test(arguments: [
        ("-f, Other", "dockerfile"), ("--file=Other", "dockerfile"), ("-fOther", "dockerfile"),
        ("-q, --target, one", "target"), ("--platform=linux/arm64", "platform"), ("--arch, arm64", "platform"),
        ("--os, windows", "platform"),
    ]) func whatAKeySaysNoOptionSays(options: String, key: String) async {
        let message = await failure("images: {app: {buildOptions: [\(options)]}}")
        #expect(message.contains("cache-image.yml:1"), "\(message)")
        #expect(message.contains("builds another image than the key stands for"), "\(message)")
    }

    @Test(arguments: ["--label, --target=x", "--build-arg, -f", "-q"])
    func aValueIsNoOption(options: String) async throws {
        _ = try await load("images: {app: {buildOptions: [\(options)]}}")
    }

    @Test(arguments: ["--build-arg, DEPLOY=x", "--build-arg=DEPLOY=x", "-q, --build-arg, DEPLOY="])
    func norMayItStandAmongOptions(options: String) async {
        #expect(
            await failure("images: {app: {secretArgs: [DEPLOY], buildOptions: [\(options)]}}")
                .contains("secretArgs says that DEPLOY is secret, and this file holds its value"))
    }

    @Test(arguments: ["--label, api_key=SHOWN", "--env=DB_PASSWORD=SHOWN", "--build-arg, MY_TOKEN=SHOWN"])
    func noSecretAmongOptionsIsShown(options: String) async throws {
        let text =
            "images: {app: {buildOptions: [\(options)]}}\ntests: {levels: {u: {command: [a], options: [--privileged, -eAPI_KEY=SHOWN, -e, X_TOKEN=SHOWN]}}}"
        let configuration = try await load(text)
        #expect(!configuration.settings.contains { $0.value.text.contains("SHOWN") })
        let question = try #require(configuration.question(about: configuration.levels[0]))
        #expect(!(question.values + question.reasons).contains { $0.contains("SHOWN") })
        let other = try await load(text.replacingOccurrences(of: "X_TOKEN=SHOWN", with: "X_TOKEN=other"))
        // What is not shown counts all the same.
        #expect(other.question(about: other.levels[0])?.identity != question.identity)
    }

    @Test(arguments: [
        "LD_PRELOAD", "LD_LIBRARY_PATH", "PATH", "HOME", "TMPDIR", "XDG_RUNTIME_DIR", "http_proxy", "HTTPS_PROXY",
        "GIT_TOKEN", "SSH_AUTH_SOCK", "SSL_CERT_FILE", "GODEBUG", "DOCKER_AUTH_CONFIG", "CONTAINER_SSHKEY",
        "CONTAINERS_CONF", "_CONTAINERS_USERNS_CONFIGURED", "BUILDAH_ISOLATION", "BUILDKIT_HOST", "BUILDX_BUILDER",
        "STORAGE_DRIVER",
    ]) func aNameThatProgramsReadIsRefused(name: String) async {
        let inFile = await failure("images:\n  app:\n    secretArgs: [\(name)]\n")
        #expect(inFile.hasPrefix("cannot read cache-image.yml:3: images.app.secretArgs[0]: the secret \(name) "))
        var overrides = Overrides()
        overrides[all: .buildArgument] = ["\(name)=x"]
        // Only a secret goes by the environment.
        let given = await failure("images: {app: {}}", overrides)
        #expect(
            [
                "no error",
                "cannot use --build-arg: the secret \(name) would go to the engine in its environment, "
                    + "where programs read that name",
            ].contains(given))
    }

    @Test func aSecretNameGivenByFlagIsCheckedToo() async {
        var overrides = Overrides()
        overrides[all: .buildArgument] = ["GIT_TOKEN=x"]
        #expect(await failure("images: {app: {}}", overrides).hasPrefix("cannot use --build-arg: the secret GIT_TOKEN"))
    }

    @Test func buildSecretsNameAVariableOrAFile() async throws {
        let text = "images: {app: {secrets: [{id: npm, env: NPM_TOKEN}, {id: key.1, file: keys/a}]}}"
        let secrets = try await load(text).images[0].secrets
        #expect(secrets.map(\.id) == ["npm", "key.1"])
        #expect(secrets[0].source == .variable("NPM_TOKEN"))
        guard case .file(let path) = secrets[1].source else { return #expect(Bool(false), "no file") }
        #expect(path.string.hasSuffix("/project/keys/a"))
    }

    @Test(arguments: [
        ("{env: A}", "it has no id"), ("{id: a}", "expected one of env and file"),
        ("{id: a, env: A, file: b}", "expected one of env and file"),
        ("{id: 'a,b', env: A}", "\"a,b\" cannot be a name"),
        ("{id: a, env: 'A=b'}", "\"A=b\" cannot be a name"), ("{id: a, src: b}", "unknown key \"src\""),
    ]) func aBuildSecretThatSaysNothingIsRefused(written: String, reason: String) async {
        let message = await failure("images:\n  app:\n    secrets:\n      - \(written)\n")
        #expect(message.hasPrefix("cannot read cache-image.yml:4: images.app.secrets[0]"))
        #expect(message.contains(reason))
    }
}
