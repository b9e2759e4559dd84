import JSON
import SystemCalls

/// A command that runs tests of a project, told by the files of its tools.
struct TestCommand: Hashable, Sendable {
    /// The level that it makes, such as `unit`.
    let level: String
    let words: [String]
    /// What told of it.
    let source: String
}

extension ProjectFiles {
    /// The test commands of the project in a folder, whose image's context it is.
    func testCommands(in folder: RelativePath) -> [TestCommand] {
        packageScripts(in: folder) + python(in: folder) + tools(in: folder)
    }

    /// The scripts of `package.json` that are for tests.
    private func packageScripts(in folder: RelativePath) -> [TestCommand] {
        guard let bytes = bytes(folder.appending("package.json")), let document = try? JSONValue(parsing: bytes),
            let scripts = document["scripts"]?.members
        else { return [] }
        let manager = has("yarn.lock", in: folder) ? "yarn" : has("pnpm-lock.yaml", in: folder) ? "pnpm" : "npm"
        return scripts.compactMap { script in
            guard let text = script.value.string, !text.contains("no test specified"),
                let level = Self.level(ofScript: script.name), !Self.callsEngine(text), !script.name.hasPrefix("-")
            else { return nil }
            let words = script.name == "test" ? [manager, "test"] : [manager, "run", script.name]
            return TestCommand(level: level, words: words, source: "package.json, script \(script.name)")
        }
    }

    /// `test` is `unit`, `test:e2e` is `e2e`; nil for a script that tests nothing.
    private static func level(ofScript name: String) -> String? {
        if name == "test" { return "unit" }
        if name == "lint" { return name }
        guard name.hasPrefix("test:") || name.hasPrefix("test-") else { return nil }
        let rest = name.dropFirst(5)
        return ["watch", "debug", "update", "ci"].contains { rest.hasSuffix($0) } ? nil : Proposals.word(String(rest))
    }

    private static func callsEngine(_ text: String) -> Bool {
        ["docker", "podman"].contains { text.contains($0) }
    }

    /// pytest, where something speaks of it; else unittest, where there are its files.
    private func python(in folder: RelativePath) -> [TestCommand] {
        let own = paths.filter { $0.isInside(folder) }
        let tests = own.filter {
            ($0.name.hasPrefix("test_") || $0.name.hasSuffix("_test.py")) && $0.name.hasSuffix(".py")
        }
        let marks = ["pyproject.toml", "setup.cfg", "tox.ini", "requirements.txt", "requirements-dev.txt"].filter {
            bytes(folder.appending(RelativePath($0))).map { String(decoding: $0, as: UTF8.self).contains("pytest") }
                ?? false
        }
        let speaking = ["pytest.ini", "conftest.py", "tests/conftest.py"].filter { has($0, in: folder) } + marks
        guard let mark = speaking.first ?? (tests.isEmpty ? nil : "") else { return [] }
        if mark.isEmpty {
            guard let place = tests.compactMap(\.parent).min() else { return [] }
            let start = place.bytes.dropFirst(folder.bytes.isEmpty ? 0 : folder.bytes.count + 1)
            let text = start.isEmpty ? "." : String(decoding: start, as: UTF8.self)
            return [
                TestCommand(
                    level: "unit", words: ["python3", "-m", "unittest", "discover", "-s", text],
                    source: tests[0].description)
            ]
        }
        let parts = ["unit", "integration", "e2e"].filter { part in
            tests.contains { $0.isInside(folder.appending(RelativePath("tests/\(part)"))) }
        }
        let pytest = ["python3", "-m", "pytest", "-q"]
        if parts.isEmpty { return [TestCommand(level: "unit", words: pytest, source: mark)] }
        return parts.map { TestCommand(level: $0, words: pytest + ["tests/\($0)"], source: mark) }
    }

    /// Tools of which one file tells that they are used, and how they test.
    private func tools(in folder: RelativePath) -> [TestCommand] {
        let known: [(file: String, words: [String])] = [
            ("go.mod", ["go", "test", "./..."]), ("Cargo.toml", ["cargo", "test"]),
            ("Package.swift", ["swift", "test"]), ("mix.exs", ["mix", "test"]), ("pom.xml", ["mvn", "-q", "test"]),
            ("build.gradle", ["gradle", "test"]), ("build.gradle.kts", ["gradle", "test"]),
            ("composer.json", ["composer", "test"]),
        ]
        return known.filter { has($0.file, in: folder) }.map {
            TestCommand(level: "unit", words: $0.words, source: $0.file)
        }
    }
}
