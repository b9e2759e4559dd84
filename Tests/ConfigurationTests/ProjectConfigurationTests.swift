import Configuration
import JSON
import SystemPackage
import TestSupport
import Testing

/// Loads a configuration file that stands at the root of a fresh repository.
func load(
    _ text: String, _ overrides: Overrides = Overrides(), in folder: String = "", environment: [String: String] = [:],
    repository: Bool = true
) async throws -> ProjectConfiguration {
    try await Sandbox.with { sandbox in
        if !text.isEmpty { try sandbox.write("project/cache-image.yml", text) }
        try sandbox.write("project/\(folder)/.keep", "")
        return try ProjectConfiguration.load(
            overrides, from: sandbox.path("project/\(folder)").lexicallyNormalized(),
            workTree: repository ? sandbox.path("project") : nil, environment: environment)
    }
}

/// The message of the error that loading ends in.
func failure(
    _ text: String, _ overrides: Overrides = Overrides(), environment: [String: String] = [:], repository: Bool = true
) async -> String {
    do {
        _ = try await load(text, overrides, environment: environment, repository: repository)
        return "no error"
    } catch let error as ConfigurationError {
        return error.description
    } catch {
        return "another error: \(error)"
    }
}

@Suite struct ProjectConfigurationTests {
    static let full = """
        cache: images
        engine: docker
        x-common: &common {USER_ID: "1000"}
        images:
          team/app:
            type: test
            tag: dev
            dockerfile: docker/Dockerfile
            context: docker
            target: test
            platform: linux/arm64
            args: {<<: *common, DEBUG: true, VERSION: 3.10}
            labels: {owner: team}
            inputs: ["compose.yml"]
            salt: {refresh: "2026-11"}
            localArgs: [DEBUG]
            contextFiles: worktree
            includeIgnored: [build/*.whl]
            keepGitDir: true
            steps: all
            cache: false
            buildOptions: [--network, host]
          other:
        tests:
          image: team/app
          levels:
            unit: [pytest, -q, "tests/unit"]
            words: pytest -q 'tests unit'
            integration:
              command: [pytest, tests/integration]
              image: other
              on: host
              mounts: [".:/app:ro,z", "data:/data"]
              env: {LOG_LEVEL: info}
              passEnv: [CI]
              user: host
              workdir: /app
              network: none
              options: [--init]
        storage:
          image_cache: {enabled: false, max_count: 3, max_size_gb: 1.5, retention_days: 7}
        git: {stage: never, worktree: pointer}
        """

    @Test func everyKeyIsRead() async throws {
        let configuration = try await load(Self.full, in: "docker/sub")
        #expect(configuration.engine == .docker)
        #expect(configuration.cacheDirectory == configuration.root.appending("images"))
        #expect(configuration.repository == configuration.root)
        let image = configuration.images[0]
        #expect(image.name.description == "team/app:dev")
        #expect(image.stem == "team%2Fapp-dev-linux-arm64")
        #expect(image.type == "test")
        #expect(image.recipe == .dockerfile(configuration.root.appending("docker").appending("Dockerfile")))
        #expect(image.context == configuration.root.appending("docker"))
        #expect(image.target == "test")
        #expect(image.arguments == ["USER_ID": "1000", "DEBUG": "true", "VERSION": "3.10"])
        #expect(image.labels == ["owner": "team"])
        #expect(image.inputs == ["compose.yml"])
        #expect(image.salt == ["refresh": "2026-11"])
        #expect(image.localArguments == ["DEBUG"])
        #expect(image.contextFiles == .worktree)
        #expect(image.includeIgnored == ["build/*.whl"])
        #expect(image.keepsGitDirectory)
        #expect(image.steps == .all)
        #expect(!image.isCached)
        #expect(image.buildOptions == ["--network", "host"])
        #expect(configuration.levels.map(\.name) == ["unit", "words", "integration"])
        #expect(configuration.levels[0].image == image.name)
        #expect(configuration.levels[1].command == ["pytest", "-q", "tests unit"])
        let level = configuration.levels[2]
        #expect(level.image?.description == "other:latest")
        #expect(level.place == .host)
        #expect(level.mounts[0].source == .path(configuration.root))
        #expect(level.mounts[1].source == .volume("data"))
        #expect(level.mounts.map(\.target) == ["/app", "/data"])
        #expect(level.mounts.map(\.options) == [["ro", "z"], []])
        #expect(level.environment == ["LOG_LEVEL": "info"])
        #expect(level.passedEnvironment == ["CI"])
        #expect(level.user == .host)
        #expect(level.workingDirectory == "/app")
        #expect(level.network == "none")
        #expect(level.options == ["--init"])
        #expect(!configuration.storage.isEnabled)
        #expect(configuration.storage.maximumCount == 3)
        #expect(configuration.storage.maximumBytes == 1_500_000_000)
        #expect(configuration.storage.retentionDays == 7)
        #expect(configuration.git == (try await load("git: {stage: never, worktree: pointer}")).git)
    }

    @Test func whatIsNotSaidHasItsDefault() async throws {
        let configuration = try await load("images: {app: }\ntests: {levels: {unit: [true]}}")
        let image = try configuration.selectedImage()
        #expect(image.name.description == "app:latest")
        #expect(image.recipe == .dockerfile(configuration.root.appending("Dockerfile")))
        #expect(image.context == configuration.root)
        #expect(image.contextFiles == .clone)
        #expect(image.steps == .final)
        #expect(image.isCached && !image.keepsGitDirectory)
        #expect(image.platform == .host)
        #expect(configuration.engine == .automatic)
        #expect(configuration.cacheDirectory == configuration.root.appending("docker-cache"))
        #expect(configuration.storage.maximumCount == 5)
        #expect(configuration.storage.maximumBytes == 10_000_000_000)
        #expect(configuration.git.stage == .automatic)
        #expect(configuration.levels[0].image == image.name)
        #expect(try configuration.image(of: configuration.level("unit")) == image)
        #expect(configuration.settings.allSatisfy { $0.origin == .default || $0.path.hasPrefix("tests.levels") })
    }

    @Test func flagsGoBeforeVariablesAndVariablesBeforeTheFile() async throws {
        let file = "engine: buildah\nimages:\n  app:\n    tag: one\n    args: {A: file, B: file}\n"
        var overrides = Overrides()
        overrides[.tag] = "three"
        overrides[all: .buildArgument] = ["A=flag", "C", "UNSET"]
        let environment = [
            "CACHE_IMAGE_TAG": "two", "CACHE_IMAGE_ENGINE": "docker", "CACHE_IMAGE_LOCK_TIMEOUT": "1.5", "C": "shell",
            "CACHE_IMAGE_OFFLINE": "1", "CACHE_IMAGE_PLATFORM": "",
        ]
        let configuration = try await load(file, overrides, environment: environment)
        let image = try configuration.selectedImage()
        #expect(image.name.tag == "three")
        #expect(image.arguments == ["A": "flag", "B": "file", "C": "shell"])
        #expect(configuration.engine == .docker)
        #expect(configuration.isOffline)
        #expect(configuration.lockTimeout == .seconds(1.5))
        func origin(_ path: String) -> String? { configuration.settings.first { $0.path == path }?.origin.description }
        #expect(origin("images.app.tag") == "--tag")
        #expect(origin("images.app.args.A") == "--build-arg")
        #expect(origin("images.app.args.B") == "cache-image.yml:5")
        #expect(origin("engine") == "CACHE_IMAGE_ENGINE")
        #expect(origin("images.app.target") == "default")
        #expect(try await load(file, environment: environment).selectedImage().name.tag == "two")
    }

    @Test func anImageOfFlagsOnlyNeedsNoFile() async throws {
        var overrides = Overrides()
        overrides[.imageName] = "app"
        overrides[.dockerfile] = "../Dockerfile.test"
        overrides[.context] = "sub"
        overrides[all: .label] = ["a=b=c"]
        let inside = try await load("", overrides, in: "work")
        let image = try inside.selectedImage()
        #expect(inside.file == nil)
        #expect(image.recipe == .dockerfile(inside.root.appending("Dockerfile.test")))
        #expect(image.context == inside.root.pushing("work/sub"))
        #expect(image.labels == ["a": "b=c"])
        #expect(inside.cacheDirectory == inside.root.appending("docker-cache"))
        let outside = try await load("", overrides, in: "work", repository: false)
        #expect(outside.repository == nil)
        #expect(outside.cacheDirectory == outside.root.appending("docker-cache"))
        #expect(outside.root.lastComponent == "work")
        #expect(try outside.selectedImage().contextFiles == .worktree)
    }

    @Test func outsideARepositoryOnlyTheNamedFileCounts() async throws {
        #expect(try await load("images: {app: }", repository: false).images.isEmpty)
        var overrides = Overrides()
        overrides[.config] = "../cache-image.yml"
        let configuration = try await load("images: {app: }", overrides, in: "sub", repository: false)
        #expect(configuration.images.map(\.name.description) == ["app:latest"])
        #expect(configuration.root.lastComponent == "project")
        overrides[.config] = "cache-image.yml"
        #expect(
            await failure("images: {app: {contextFiles: x}}", overrides, repository: false)
                == "cannot read cache-image.yml:1: images.app.contextFiles: expected clone or worktree, found \"x\"")
    }

    @Test func imagesArePickedByNameAndType() async throws {
        let file = "images:\n  a: {type: test}\n  b: {type: app, tag: x}\n  c: {type: test}\n"
        var overrides = Overrides()
        overrides[.type] = "test"
        #expect(try await load(file, overrides).selected.map(\.name.name) == ["a", "c"])
        overrides.images = ["c:latest", "a", "c"]
        #expect(try await load(file, overrides).selected.map(\.name.name) == ["a", "c"])
        overrides.images = ["b"]
        #expect(await failure(file, overrides).contains("cannot find the image \"b\": not declared in cache-image.yml"))
        overrides[.type] = nil
        #expect(try await load(file, overrides).selected.map(\.name.description) == ["b:x"])
        overrides.images = ["b:latest"]
        #expect(await failure(file, overrides).contains("cannot find the image \"b:latest\""))
        overrides.images = []
        overrides[.target] = "test"
        #expect(await failure(file, overrides) == "cannot use --target: it is about one image, and 3 are chosen")
        overrides[.imageName] = "b"
        #expect(try await load(file, overrides).selectedImage().target == "test")
        overrides.images = ["a"]
        #expect(
            await failure(file, overrides) == "cannot use --name together with the image \"a\": name one image")
    }

    @Test func aTypeChoosesTheImageOfTheLevels() async throws {
        let file = "images: {a: {type: x}, b: {type: y}}\ntests: {image: a, levels: {unit: [true]}}"
        var overrides = Overrides()
        #expect(try await load(file).levels[0].image?.name == "a")
        overrides[.type] = "y"
        overrides[.tag] = "t"
        #expect(try await load(file, overrides).levels[0].image?.description == "b:t")
    }
}

extension ProjectConfiguration {
    /// The one image that a command would be about.
    fileprivate func selectedImage() throws -> ImageDeclaration {
        let images = try selectedImages()
        return try #require(images.count == 1 ? images.first : nil)
    }
}
