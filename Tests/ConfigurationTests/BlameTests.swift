import Configuration
import SystemPackage
import TestSupport
import Testing

/// Values that look right and are not, and values that are not there.
@Suite struct BlameTests {
    private func image(_ text: String) -> String { "images:\n  app:\n    \(text)\n" }

    @Test func anArgumentWithoutAValueTakesTheCallers() async throws {
        let text = image("args: {USER_ID: , EMPTY: , UNSET: null, OWN: 1}")
        let configuration = try await load(text, environment: ["USER_ID": "5", "EMPTY": ""])
        let app = configuration.images[0]
        #expect(app.arguments == ["USER_ID": "5", "EMPTY": "", "OWN": "1"])
        #expect(app.inheritedArguments == ["USER_ID", "EMPTY", "UNSET"])
        let settings = configuration.settings.filter { $0.path.hasPrefix("images.app.args.") }
        #expect(
            settings.map { "\($0.path) \($0.value.text) \($0.origin)" } == [
                #"images.app.args.EMPTY "" EMPTY"#, #"images.app.args.OWN "1" cache-image.yml:3"#,
                "images.app.args.UNSET null cache-image.yml:3", #"images.app.args.USER_ID "5" USER_ID"#,
            ])
    }

    @Test func aBuildArgumentOfTheCommandLineIsNotTheCallersVariable() async throws {
        var overrides = Overrides()
        overrides[all: .buildArgument] = ["USER_ID=7"]
        let configuration = try await load(
            image("args: {USER_ID: }"), overrides, environment: ["USER_ID": "5"])
        #expect(configuration.images[0].arguments == ["USER_ID": "7"])
        #expect(configuration.images[0].inheritedArguments == [])
    }

    @Test(arguments: [
        "args: {A: '${B}'}", "args: {A: 'x-${B:-default}'}", "labels: {a: '${B-x}'}", "tag: '${TAG:-latest}'",
        "platform: '${P}'", "target: '${B?no}'", "dockerfile: '${B}/Dockerfile'", "inputs: ['${B:+x}']",
        "salt: {a: '$$${B}'}",
    ])
    func nothingIsInterpolated(text: String) async {
        let message = await failure(image(text))
        #expect(message.contains("is not interpolated") && message.contains("cache-image.yml:3"), "\(message)")
    }

    @Test func aLevelWithSomethingToInterpolateIsAMistakeOfThatLevel() async throws {
        for (text, isMistake) in [
            ("{command: [a], env: {A: '${B}'}}", true), ("{command: [a], mounts: ['${HOME}/x:/x']}", true),
            ("[sh, -c, 'echo ${B:-x}']", false), ("{command: [a], options: [-e, '${B}']}", false),
        ] {
            let configuration = try await load("images: {app: {}}\ntests: {levels: {t: \(text)}}\n")
            #expect((configuration.levels[0].mistake != nil) == isMistake, "\(text)")
        }
    }

    @Test(arguments: ["$B", "a$", "${", "${1}", "${B", "$(B)", "${}", "{B}"])
    func whatIsNoVariableOfAComposeFileStandsAsItIs(value: String) async throws {
        #expect(try await load(image("args: {A: '\(value)'}")).images[0].arguments == ["A": value])
    }

    @Test(arguments: [
        ("linux/amd46", #"unknown architecture "amd46", did you mean "amd64"?"#),
        ("linux/arm46", #"unknown architecture "arm46", did you mean "arm64"?"#),
        ("linxu/amd64", #"unknown system "linxu", did you mean "linux"?"#),
        ("linux/whatever", #"unknown architecture "whatever""#),
    ])
    func aPlatformThatNobodyKnowsIsAMistake(platform: String, reason: String) async {
        #expect(
            await failure(image("platform: \(platform)"))
                == "cannot read cache-image.yml:3: images.app.platform: \(reason)")
    }

    @Test(arguments: ["linux/x86_64", "linux/armv7l", "windows/amd64", "linux/arm/v6", "linux/ppc", "linux/loong64"])
    func aPlatformThatSomebodyKnowsIsNone(platform: String) async throws {
        #expect(try await load(image("platform: \(platform)")).images[0].declaredPlatform != nil)
    }

    @Test func namesThatAreTooLongForFilesAreRefused() async throws {
        let tag = String(repeating: "t", count: 120)
        #expect(try await load(image("tag: \(tag)")).images[0].stem.utf8.count < 240)
        let name = String(repeating: "n", count: 200)
        let message = await failure("images:\n  \(name):\n    tag: \(tag)\n")
        #expect(message.contains("cache-image.yml:3") && message.contains("more than 240"), "\(message)")
    }

    /// Files, the configuration, and the Dockerfile that is found.
    private static let dockerfiles: [([String], String, String)] = [
        (["Dockerfile", "dockerfile", "Containerfile"], "{}", "Dockerfile"),
        (["dockerfile", "Containerfile"], "{}", "dockerfile"), (["Containerfile"], "{}", "Containerfile"),
        ([], "{}", "Dockerfile"), (["sub/Containerfile"], "{context: sub}", "sub/Containerfile"),
        (["Containerfile", "sub/Dockerfile"], "{context: sub}", "Containerfile"),
        (["Containerfile"], "{dockerfile: Dockerfile}", "Dockerfile"),
    ]

    @Test(arguments: dockerfiles)
    func aDockerfileIsFoundAsTheEnginesFindIt(files: [String], text: String, found: String) async throws {
        try await Sandbox.with { sandbox in
            try sandbox.write("cache-image.yml", "images: {app: \(text)}\n")
            for file in files { try sandbox.write(file, "FROM scratch\n") }
            let configuration = try ProjectConfiguration.load(
                Overrides(), from: sandbox.root, workTree: sandbox.root, environment: [:])
            #expect(configuration.images[0].recipe == .dockerfile(sandbox.path(found)))
        }
    }
}
