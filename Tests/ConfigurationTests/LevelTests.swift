import Configuration
import Foundation
import TestSupport
import Testing

/// What a level says of its command, and what is wrong with one level only.
@Suite struct LevelTests {
    private func level(_ text: String) async throws -> TestLevel {
        try await load("images: {app: }\ntests: {levels: {unit: \(text)}}").levels[0]
    }

    @Test(
        arguments: [
            ("[a, b]", [], ["a", "b"]), ("{command: [a, '']}", [], ["a", ""]), ("{}", nil, []),
            ("{options: [-p, '80:80']}", nil, []), ("{command: [a], entrypoint: image}", nil, ["a"]),
            ("{entrypoint: image}", nil, []),
            ("{command: [a], entrypoint: [tini, '', --]}", ["tini", "", "--"], ["a"]),
            ("{command: [a], entrypoint: 'tini --'}", ["tini", "--"], ["a"]), ("{entrypoint: [image]}", ["image"], []),
            ("{command: [a], entrypoint: []}", [], ["a"]), ("{command: [a], entrypoint: ''}", [], ["a"]),
            ("{command: [a], entrypoint: ['']}", [], ["a"]),
        ] as [(String, [String]?, [String])])
    func aCommandTakesThePlaceOfTheEntrypoint(text: String, entrypoint: [String]?, command: [String]) async throws {
        let level = try await level(text)
        #expect(level.mistake == nil)
        #expect(level.entrypoint == entrypoint)
        #expect(level.command == command)
    }

    @Test(arguments: [
        ("", "it has no command"), ("{command: }", "it has no command"), ("[]", "the command is empty"),
        ("['', a]", "the command is empty"), ("{command: ''}", ".command: the command is empty"),
        ("{on: host}", "it has no command"), ("{entrypoint: []}", "it has no command"),
        ("{entrypoint: ['', a]}", ".entrypoint: its program is empty"),
        ("{entrypoint: 'a; b'}", ".entrypoint: \";\" is for a shell, and none reads this text"),
        ("{command: [a], on: host, entrypoint: [b]}", ".entrypoint: a level on the host has none"),
        ("{command: a, passEnv: [A, B*]}", ".passEnv[1]: \"B*\" cannot be a name"),
        ("{command: a, passEnv: [A=b]}", ".passEnv[0]: \"A=b\" cannot be a name"),
        ("{command: a, tty: 1}", ".tty: expected true or false, found \"1\""),
        ("{command: a, comand: b}", "unknown key \"comand\", did you mean \"command\"?"),
        ("{command: a, image: zzz}", ".image: the image \"zzz\" is not declared"),
        ("{command: a, mounts: [src/x:/app]}", ".mounts[0]: a path must begin with ./ or /, found \"src/x\""),
        (
            "{command: a, mounts: [.]}",
            ".mounts[0]: expected SOURCE:TARGET or SOURCE:TARGET:OPTIONS, found \".\""
        ),
        ("{command: 'a \"b'}", ".command: cannot split \"a \"b\" into words: a quote is not closed"),
        ("{command: a, workdir: x}", ".workdir: expected an absolute path, found \"x\""),
    ])
    func aMistakeIsKeptInItsLevel(text: String, reason: String) async throws {
        let configuration = try await load("images: {app: }\ntests: {levels: {unit: \(text), other: [b]}}")
        #expect(configuration.images.count == 1)
        #expect(configuration.levels[1].mistake == nil)
        let path = reason.hasPrefix(".") ? "tests.levels.unit" : "tests.levels.unit: "
        let message = "cannot read cache-image.yml:2: \(path)\(reason)"
        #expect(configuration.levels[0].mistake?.description == message)
        let shown = configuration.settings.first { $0.path == "tests.levels.unit.mistake" }
        #expect(shown?.value.string == message)
        #expect(configuration.settings.contains { $0.path == "tests.levels.other.command" })
    }

    @Test func aNameThatCannotBeOneIsAMistakeToo() async throws {
        let levels = try await load("tests: {levels: {-x: [a], y: [b]}}").levels
        #expect(
            levels[0].mistake?.description
                == "cannot read cache-image.yml:1: tests.levels.-x: \"-x\" cannot be a level's name")
        #expect(levels[1].mistake == nil)
    }

    @Test func aMountSourceMustBeThere() async throws {
        try await Sandbox.with { sandbox in
            try sandbox.write("project/.git/HEAD", "ref: refs/heads/main\n")
            try sandbox.write("project/data/file", "x")
            try sandbox.write("beside/file", "x")
            let manager = FileManager.default
            for (link, target) in [("good", "data"), ("bad", "none")] {
                try manager.createSymbolicLink(
                    atPath: sandbox.path("project/\(link)").string, withDestinationPath: target)
            }
            func mistake(_ mount: String, more: String = "") throws -> String? {
                try sandbox.write(
                    "project/cache-image.yml",
                    "tests:\n  levels:\n    unit:\n      command: [a]\n\(more)      mounts:\n      - \(mount)\n")
                return try ProjectConfiguration.load(
                    Overrides(), from: sandbox.path("project/data"), workTree: sandbox.path("project"), environment: [:]
                ).levels[0].mistake?.description
            }
            let present = [
                "./data:/x", "data:/x", "./data/file:/x:ro", "./good:/x", "./good/file:/x", "../beside:/x", ".:/x",
                "./data/:/x", "\(sandbox.root)/beside:/x", "none:/x", "/dev/null:/x",
            ]
            for mount in present { #expect(try mistake(mount) == nil, "\(mount)") }
            for source in [
                "./tset-data", "./bad", "./bad/file", "../none", "./data/file/below", "/no/such", "./data/../no",
            ] {
                #expect(
                    try mistake("\(source):/x")
                        == "cannot mount \(source) (../cache-image.yml:6): no such file or folder")
            }
            #expect(try mistake("./none:/x", more: "      on: host\n") == nil)
        }
    }

    @Test func keysThatNeedAContainerAreNamedOnTheHost() async throws {
        let text =
            "{command: [a], on: host, tty: true, user: host, network: none, options: [-x], env: {A: b}, workdir: x}"
        #expect(try await level(text).idleKeys == ["user", "network", "tty", "options"])
        #expect(try await level("{command: [a], user: host, tty: true}").idleKeys.isEmpty)
        #expect(try await level("{command: [a], tty: true}").usesTerminal)
        #expect(try await level("[a]").usesTerminal == false)
        #expect(try await level("{command: [a], interactive: true}").isInteractive)
        #expect(try await level("[a]").isInteractive == false)
    }

    @Test func anEmptyWordOfOptionsIsAWord() async throws {
        let level = try await level("{command: [a], options: [--entrypoint, '']}")
        #expect(level.options == ["--entrypoint", ""])
        let image = try await load("images: {app: {buildOptions: [--squash, '']}}").images[0]
        #expect(image.buildOptions == ["--squash", ""])
    }
}
