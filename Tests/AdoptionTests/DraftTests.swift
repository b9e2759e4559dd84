import Configuration
import OCI
import SystemCalls
import SystemPackage
import TestSupport
import Testing

@testable import Adoption

/// What is drafted for projects; each draft is read by the reader of `cache-image.yml`.
@Suite struct DraftTests {
    private func draft(
        _ files: [String: String], _ body: (ProjectDraft, ProjectConfiguration) throws -> Void
    ) async throws {
        try await Sandbox.with { sandbox in
            for (path, text) in files { try sandbox.write("p/\(path)", text) }
            let root = try Files.realPath(sandbox.path("p"))
            let draft = ProjectDraft(ProjectFiles(root: root, paths: files.keys.map { RelativePath($0) }), old: [])
            let configuration = try ProjectConfiguration.propose(
                Array(draft.text.utf8), in: root, workTree: root, environment: [:])
            #expect(configuration.warning == nil && configuration.questions.isEmpty)
            try body(draft, configuration)
        }
    }

    private static let staged = "FROM scratch AS base\nCOPY a /\nFROM base AS test\nCOPY . /app\nCMD [\"pytest\"]\n"

    @Test func aLoneDockerfileIsAppWithItsTestStage() async throws {
        try await draft(["Dockerfile": Self.staged, "a": "", "tests/test_a.py": "import pytest"]) {
            draft, configuration in
            #expect(draft.imageNames == ["app:latest"])
            #expect(configuration.images[0].target == "test")
            #expect(configuration.levels.map(\.name) == ["unit", "unit-2"])
            #expect(configuration.levels[0].command == [])
            #expect(configuration.levels[1].command == ["python3", "-m", "unittest", "discover", "-s", "tests"])
            #expect(draft.text.contains("# Stages of Dockerfile: base, test"))
        }
    }

    /// Files, names of images, and levels with their commands.
    private static let projects: [([String: String], [String], [String: [String]])] = [
        (
            [
                "Dockerfile": "FROM a\nCOPY x /\n", "x": "",
                "package.json": #"{"scripts": {"test": "jest", "test:e2e": "x", "start": "y"}}"#,
            ],
            ["app:latest"], ["unit": ["npm", "test"], "e2e": ["npm", "run", "test:e2e"]]
        ),
        (
            [
                "api.Dockerfile": "FROM a\n", "web.Dockerfile": "FROM b\n", "go.mod": "",
                "Makefile": "test:\n\tgo test ./...\n",
            ],
            ["api:latest", "web:latest"], ["api-unit": ["go", "test", "./..."], "web-unit": ["go", "test", "./..."]]
        ),
        (
            [
                "docker/Dockerfile": "FROM a\nCOPY src /\n", "src/a": "",
                "Makefile": "lint: x\n\t@ruff check . && true\n.PHONY: a\n",
            ],
            ["docker:latest"], ["lint": ["make", "lint"]]
        ),
        (
            [
                "python.Dockerfile": "FROM python\nCOPY a /\n", "a": "", "pytest.ini": "", "tests/unit/test_a.py": "",
                "tests/integration/test_b.py": "",
            ],
            ["python-image:latest"],
            [
                "unit": ["python3", "-m", "pytest", "-q", "tests/unit"],
                "integration": ["python3", "-m", "pytest", "-q", "tests/integration"],
            ]
        ),
        (
            [
                "Dockerfile": staged, "a": "", "deep/Dockerfile": "FROM b\n",
                "bin/build": "#!/bin/sh\n. ./vars\ndocker build --target test -t localhost/shop-tests:1 .\n",
                "bin/run-unit": "#!/usr/bin/env bash\nbin/build\npodman run --rm shop-tests:1 pytest -q tests/unit\n",
                "bin/serve": "#!/bin/sh\ndocker run -p 80:80 shop-tests:1 serve\n",
            ],
            ["shop-tests:1"], ["unit": ["pytest", "-q", "tests/unit"]]
        ),
        (
            [
                "Dockerfile": "FROM a\n",
                "compose.yaml":
                    "services: {checks: {build: {context: ., args: {A: '${A:-1}', TOKEN: x}}, command: [make, check]}}\n",
            ],
            ["checks:latest"], ["checks": ["make", "check"]]
        ),
        (["Dockerfile": "FROM a\n"], ["app:latest"], [:]),
        (
            ["svc/one/Dockerfile": "FROM a\n", "svc/two/Dockerfile": "FROM two\n"], ["one:latest", "two-image:latest"],
            [:]
        ),
        (
            ["Dockerfile": "FROM a\n", "examples/x/Dockerfile": "FROM a\n", "Dockerfile.dockerignore": "x\n"],
            ["app:latest"], [:]
        ),
    ]

    @Test(arguments: projects.indices)
    func imagesAndLevelsAreDrafted(number: Int) async throws {
        let (files, images, levels) = Self.projects[number]
        try await draft(files) { draft, configuration in
            #expect(draft.imageNames == images)
            #expect(configuration.images.map(\.name.description) == images)
            let found = Dictionary(uniqueKeysWithValues: configuration.levels.map { ($0.name, $0.command) })
            #expect(found == levels, "\(draft.text)")
            #expect(configuration.levels.allSatisfy { $0.mistake == nil }, "\(draft.text)")
        }
    }

    @Test func anImageWithoutFilesOfTheProjectGetsThemMounted() async throws {
        try await draft(["Dockerfile": "FROM golang\n", "go.mod": ""]) { _, configuration in
            #expect(configuration.levels[0].mounts.map(\.written) == [".:/work"])
            #expect(configuration.levels[0].workingDirectory == "/work")
        }
    }

    @Test func aSecretArgumentIsLeftOut() async throws {
        let compose = "services: {a: {build: {context: ., args: {A: 'x: y', API_TOKEN: t, B: null}}}}\n"
        try await draft(["Dockerfile": "FROM x\n", "compose.yml": compose]) { draft, configuration in
            #expect(configuration.images[0].arguments == ["A": "x: y"])
            #expect(draft.text.contains("left out as secret: API_TOKEN") && !draft.text.contains(": t"))
        }
    }

    @Test(
        arguments: [
            "a", "a b", "true", "1.0", "-q", "--x=y", "./...", "it's", "a\nb\t\u{1}\\\"", "#x", "a: b", "a,b", "[x]",
            "{y}", "*", "&a",
            "!x", "|", ">", "%", "@", "`", "~", "null", "", "é", "- a", "a #b", "${X}", "...", "0x1", "-", "--",
        ])
    func aWordOfAListIsReadBack(word: String) async throws {
        let text = "images: {a: {}}\ntests: {levels: {x: \(YAMLText.list(["p", word, "q"]))}}\n"
        try await Sandbox.with { sandbox in
            let configuration = try ProjectConfiguration.propose(
                Array(text.utf8), in: sandbox.root, workTree: sandbox.root, environment: [:])
            #expect(configuration.levels[0].command == ["p", word, "q"], "\(text)")
        }
    }
}
