import Configuration
import Testing

@Suite struct ConfigurationErrorTests {
    @Test(arguments: [
        ("image: {a: }", "cannot read cache-image.yml:1: unknown key \"image\", did you mean \"images\"?"),
        (
            "images:\n  a:\n    tagg: x",
            "cannot read cache-image.yml:3: images.a: unknown key \"tagg\", did you mean \"tag\"?"
        ),
        ("images:\n  a:\n    wholly: x", "cannot read cache-image.yml:3: images.a: unknown key \"wholly\""),
        ("images: [a]", "cannot read cache-image.yml:1: images: expected a map, found a list"),
        ("images:\n  a:\n    tag: [x]", "cannot read cache-image.yml:3: images.a.tag: expected a text, found a list"),
        (
            "images:\n  a:\n    labels: {X: }",
            "cannot read cache-image.yml:3: images.a.labels.X: expected a text, found nothing"
        ),
        (
            "images: {a: {cache: yes}}",
            "cannot read cache-image.yml:1: images.a.cache: expected true or false, found \"yes\""
        ),
        (
            "images: {a: {steps: some}}",
            "cannot read cache-image.yml:1: images.a.steps: expected none, final or all, found \"some\""
        ),
        (
            "engine: dokcer",
            "cannot read cache-image.yml:1: engine: expected auto, podman, docker or buildah, found \"dokcer\""
        ),
        ("cache: ..", "cannot read cache-image.yml:1: cache: expected a folder below the repository's root"),
        (
            "images: {app: }\ntests:\n  image: ap",
            "cannot read cache-image.yml:3: tests.image: the image \"ap\" is not declared, did you mean \"app\"?"
        ),
        (
            "storage: {image_cache: {max_count: -1}}",
            "cannot read cache-image.yml:1: storage.image_cache.max_count: expected a whole number from 0, found \"-1\""
        ),
        (
            "images:\n  a-b: {tag: c}\n  a: {tag: b-c}",
            "cannot read cache-image.yml:3: images.a: a:b-c and a-b:c have one file name, a-b-c.tar"
        ),
        (
            "images:\n  app:\n    args: {'a b': 1}",
            "cannot read cache-image.yml:3: images.app.args.a b: \"a b\" cannot be a name"
        ),
        (
            "images:\n  app:\n    inputs:\n      - a\n      - ../x",
            "cannot read cache-image.yml:5: images.app.inputs[1]: \"../x\" leads out of this file's folder"
        ),
        (
            "images: {app: {includeIgnored: [a/../../x]}}",
            "cannot read cache-image.yml:1: images.app.includeIgnored[0]: \"a/../../x\" leads out of this file's folder"
        ),
        ("a: 1\na: 2", "cannot read cache-image.yml:2: the key \"a\" occurs twice, first on line 1"),
        ("a: *b", "cannot read cache-image.yml:1: the alias *b has no anchor before it"),
        ("a: [1", "cannot read cache-image.yml:2: while parsing a flow sequence: did not find expected ',' or ']'"),
        ("a: !ruby/object 1", "cannot read cache-image.yml:1: the tag \"!ruby/object\" has no meaning here"),
        ("a: \"\\0\"", "cannot read cache-image.yml:1: a text must not hold a NUL character"),
        ("a: 1\n---\nb: 2", "cannot read cache-image.yml:2: a second document begins here"),
        ("a: \u{1}", "cannot read cache-image.yml:1: control characters are not allowed"),
        ("? [a]\n: b", "cannot read cache-image.yml:1: a key must be a word, not a list"),
    ])
    func aMistakeIsNamedWithItsLine(text: String, message: String) async {
        #expect(await failure(text) == message)
    }

    @Test(arguments: [
        ("images:\n  App:", "cannot read cache-image.yml:2: images.App: "),
        ("images:\n  a:\n    tag: a b", "cannot read cache-image.yml:3: images.a.tag: "),
        ("images:\n  a:\n    platform: a b", "cannot read cache-image.yml:3: images.a.platform: "),
    ])
    func aNameTagOrPlatformIsChecked(text: String, start: String) async {
        #expect(await failure(text).hasPrefix(start))
    }

    @Test func aFlagsValueIsNamedByItsFlag() async {
        var overrides = Overrides()
        overrides[.tag] = "a b"
        #expect(await failure("images: {a: }", overrides).hasPrefix("cannot use --tag: a tag is"))
        overrides = Overrides()
        overrides[.engine] = "x"
        #expect(await failure("", overrides) == "cannot use --engine \"x\": expected auto, podman, docker or buildah")
        #expect(
            await failure("", environment: ["CACHE_IMAGE_LOCK_TIMEOUT": "-1"])
                == "cannot use CACHE_IMAGE_LOCK_TIMEOUT \"-1\": expected a number of seconds")
        overrides = Overrides()
        overrides[all: .buildArgument] = ["a b=1"]
        #expect(await failure("images: {a: }", overrides) == "cannot use --build-arg: \"a b\" cannot be a name")
        overrides = Overrides()
        overrides[.config] = "none.yml"
        #expect(await failure("", overrides) == "cannot read none.yml: No such file or directory")
    }

    @Test func untrustedFilesEndInAnErrorAtOnce() async {
        var bomb = "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
        for (name, previous) in zip("bcdefghij", "abcdefghi") {
            bomb += "\(name): &\(name) [" + Array(repeating: "*\(previous)", count: 10).joined(separator: ",") + "]\n"
        }
        #expect(await failure(bomb) == "cannot read cache-image.yml:5: more than 100000 values")
        let deep = String(repeating: "[", count: 5000)
        #expect(await failure(deep) == "cannot read cache-image.yml:1: more than 32 levels of nesting")
        let large = String(repeating: "# a comment\n", count: 100_000)
        #expect(await failure(large).contains("cannot read cache-image.yml: "))
    }

    @Test(arguments: [
        "engine: docker\nimages: {app: }\n", "engine: docker\r\nimages:\r\n  app:\r\n", "images: {app: }",
    ])
    func aByteOrderMarkIsPassedOver(text: String) async throws {
        let plain = try await load(text)
        let marked = try await load("\u{FEFF}" + text)
        #expect(marked.images.map(\.name) == plain.images.map(\.name) && marked.engine == plain.engine)
        #expect(await failure("\u{FEFF}a: 1\nb: 2").hasPrefix("cannot read cache-image.yml:1: unknown key \"a\""))
    }

    @Test func aFileOfAnotherEncodingIsNamedWithItsLine() async throws {
        #expect(await failure("a: \u{FEFF}") != "")
    }
}
