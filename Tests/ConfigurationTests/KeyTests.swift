import Configuration
import JSON
import Testing

/// The table of keys: what is said of a key is said in one place.
@Suite struct KeyTests {
    /// The keys of images.
    static var imageKeys: [KeyDescription] {
        ProjectConfiguration.keys.first { $0.name == "images" }?.keys ?? []
    }

    /// The keys of levels.
    static var levelKeys: [KeyDescription] {
        ProjectConfiguration.keys.first { $0.name == "tests.levels" }?.keys ?? []
    }

    @Test func theDefaultsAreThoseOfAFileThatSaysNothing() async throws {
        let configuration = try await load("images: {app: }\ntests: {levels: {unit: {}}}")
        let tables = [
            ("", ProjectConfiguration.keys), ("images.app.", Self.imageKeys), ("tests.levels.unit.", Self.levelKeys),
        ]
        for (place, keys) in tables {
            #expect(keys.count > 5)
            for key in keys where key.keys.isEmpty {
                let setting = try #require(configuration.settings.first { $0.path == place + key.name }, "\(key.name)")
                #expect(setting.origin == .default)
                let value = setting.value.string ?? setting.value.spacedText
                // A default in words stands where the value is decided later.
                #expect(value == key.standard || key.unset != nil)
                #expect(!key.standard.isEmpty || key.unset != nil)
            }
        }
        #expect(Self.imageKeys.first { $0.name == "tag" }?.standard == "latest")
        #expect(Self.imageKeys.first { $0.name == "cache" }?.standard == "true")
        #expect(Self.levelKeys.first { $0.name == "mounts" }?.standard == "[]")
    }

    @Test func everyKeyIsASentenceAndStandsOnce() {
        for keys in [ProjectConfiguration.keys, Self.imageKeys, Self.levelKeys] {
            #expect(Set(keys.map(\.name)).count == keys.count)
            for key in keys {
                #expect(key.text.hasSuffix(".") && !key.text.contains("\n"), "\(key.name)")
                #expect(!key.formWords.isEmpty, "\(key.name)")
            }
        }
    }

    @Test func everyFlagOfAKeyGoesBeforeTheFile() async throws {
        for key in Self.imageKeys {
            guard let flag = key.flag, !flag.isRepeated else { continue }
            let value = key.name == "platform" ? "linux/arm64" : "given"
            var overrides = Overrides()
            overrides[flag] = value
            let shown = try await load("images: {app: {\(key.name): linux/amd64}}", overrides).settings
                .first { $0.path == "images.app.\(key.name)" }
            #expect(shown?.value.string == value)
            #expect(shown?.origin.description == flag.name)
            let variable = try await load("images: {app: }", environment: [flag.variable: value]).settings
                .first { $0.path == "images.app.\(key.name)" }
            #expect(variable?.origin.description == flag.variable)
        }
    }

    @Test(
        arguments: [
            ("images: {app: {store: packed}}", "no effect yet: images.app.store (cache-image.yml:1)"),
            (
                "images:\n  app:\n    buildpacks: [a]\nstorage:\n  store: tar",
                "no effect yet: images.app.buildpacks (cache-image.yml:3), storage.store (cache-image.yml:5)"
            ),
            (
                "images:\n  app:\n    store: packed\n    os: debian.yml",
                "no effect yet: images.app.store (cache-image.yml:3)"
            ),
            (
                "storage:\n  store: tar\n  image_cache: {warn_size_gb: 1, critical_size_gb: 2.5}",
                "no effect yet: storage.store (cache-image.yml:2)"
            ),
            ("images: {app: {buildpacks: [a]}}", "no effect yet: images.app.buildpacks (cache-image.yml:1)"),
            ("images: {app: {steps: all}}", nil), ("images: {app: {target: a}}", nil), ("", nil),
        ] as [(String, String?)])
    func aKeyOfALaterVersionIsTakenWithOneWarning(text: String, warning: String?) async throws {
        #expect(try await load(text).warning == warning)
    }

    @Test(arguments: [
        (
            "images:\n  app:\n    dockerfile: Dockerfile\n    os: debian.yml",
            "cannot read cache-image.yml:4: images.app.os: an image has one recipe, and dockerfile is another"
        ),
        (
            "images:\n  app:\n    os: debian.yml\n    target: test",
            "cannot read cache-image.yml:4: images.app.target: it does not go with os"
        ),
        (
            "images:\n  app:\n    os: debian.yml\n    labels: {a: b}",
            "cannot read cache-image.yml:4: images.app.labels: it does not go with os"
        ),
        (
            "images:\n  app:\n    os: debian.yml\n    buildOptions: [--squash]",
            "cannot read cache-image.yml:4: images.app.buildOptions: it does not go with os"
        ),
        (
            "images:\n  app:\n    os: ../debian.yml",
            "cannot read cache-image.yml:3: images.app.os: \"../debian.yml\" lies outside of the work tree"
        ),
        (
            "images:\n  app:\n    os: [debian.yml]",
            "cannot read cache-image.yml:3: images.app.os: expected a text, found a list"
        ),
        (
            "images:\n  app:\n    buildpacks: [a]\n    target: test",
            "cannot read cache-image.yml:4: images.app.target: it does not go with buildpacks"
        ),
        (
            "images: {app: {oss: x}}",
            "cannot read cache-image.yml:1: images.app: unknown key \"oss\", did you mean \"os\"?"
        ),
    ])
    func anImageHasOneRecipeAndItsKeys(text: String, message: String) async {
        #expect(await failure(text) == message)
    }

    @Test func anOSImageHasATemplateAndNoSteps() async throws {
        let text = "images: {edge: {os: os/edge.yml, salt: {a: b}, inputs: [x], tag: t, platform: linux/arm64}}"
        let image = try #require(try await load(text).images.first)
        guard case .os(let template) = image.recipe else {
            Issue.record("\(image.recipe)")
            return
        }
        #expect(template.string.hasSuffix("/os/edge.yml") && image.steps == .none)
        #expect(image.recipe.lockFile?.string.hasSuffix("/os/edge.lock.json") == true)
    }

    @Test(arguments: [CommandFlag.target, .context, .dockerfile])
    func aFlagOfAnotherRecipeIsRefused(flag: CommandFlag) async {
        var overrides = Overrides()
        overrides[flag] = "given"
        let message = await failure("images: {edge: {os: os/edge.yml}}", overrides)
        #expect(message == "cannot use \(flag.name): it does not go with os, by which \"edge\" is made")
    }
}
