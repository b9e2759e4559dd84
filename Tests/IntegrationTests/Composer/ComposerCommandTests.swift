import Foundation
import JSON
import SystemPackage
import TestSupport
import Testing

/// `image-composer` where nothing is built: templates, caches and configuration, right and wrong.
@Suite struct ComposerCommandTests {
    static let template = """
        image: {name: edge, version: "1.0"}
        target: {os: debian, dist: bookworm, arch: x86_64, imageType: img}
        disk: {artifacts: [{type: tar}]}
        systemConfig: {name: edge, packages: [less]}
        """

    /// Runs a command with caches of its own.
    private static func compose(_ sandbox: Sandbox, _ words: [String]) async throws -> CommandResult {
        try sandbox.write("config.yml", "cache_dir: \(sandbox.path("cache"))\nwork_dir: \(sandbox.path("work"))\n")
        return try await sandbox.run(
            "image-composer", words + ["--config", sandbox.path("config.yml").string])
    }

    @Test func aTemplateIsCheckedWithItsLines() async throws {
        try await Sandbox.with { sandbox in
            try sandbox.write("edge.yml", Self.template)
            let good = try await Self.compose(sandbox, ["validate", "edge.yml"]).check()
            #expect(good.output == "edge.yml: edge 1.0 for debian-bookworm-amd64\n")
            let merged = try await Self.compose(sandbox, ["validate", "--merged", "edge.yml"]).check()
            #expect(try JSONValue(parsing: merged.outputBytes)["systemConfig"]?["packages"] == ["less"])

            try sandbox.write("bad.yml", Self.template + "\nsystemconfig: {}\n")
            let bad = try await Self.compose(sandbox, ["validate", "bad.yml"]).check(2)
            #expect(bad.error.contains("bad.yml:5") && bad.error.contains("systemConfig"))
            let none = try await Self.compose(sandbox, ["validate", "none.yml"]).check(2)
            #expect(none.error.hasPrefix("image-composer: cannot read none.yml"))
        }
    }

    @Test func emptyCachesAreListedAndJudged() async throws {
        try await Sandbox.with { sandbox in
            #expect(try await Self.compose(sandbox, ["cache", "list"]).check().output == "in all 0 B\n")
            let json = try await Self.compose(sandbox, ["cache", "list", "--json"]).check()
            #expect(try JSONValue(parsing: json.outputBytes)["bytes"] == 0)
            #expect(
                try await Self.compose(sandbox, ["cache", "list", "--limits"]).check().output.hasPrefix("OK "))
            try sandbox.write("config.yml", "cache_dir: [1]\n")
            let unknown = try await sandbox.run(
                "image-composer", ["cache", "list", "--limits", "--config", "config.yml"]
            ).check(3)
            #expect(unknown.output.hasPrefix("UNKNOWN "))
        }
    }

    @Test(arguments: [
        ("warn_size_gb: 0.001", "WARNING", 1), ("warn_size_gb: 0.001, critical_size_gb: 0.0015", "CRITICAL", 2),
        ("warn_size_gb: 9", "OK", 0),
    ])
    func limitsDecideTheExitStatus(limits: String, word: String, status: Int) async throws {
        try await Sandbox.with { sandbox in
            try sandbox.write("work/debian-bookworm-amd64/.image-composer", "")
            // What is not ours counts nothing, and is not removed.
            try sandbox.write("work/bundle/rootfs/x", "mine")
            try sandbox.write(
                "work/debian-bookworm-amd64/imagebuild/x", bytes: [UInt8](repeating: 0, count: 2_000_000))
            try sandbox.write(
                "config.yml",
                "cache_dir: \(sandbox.path("cache"))\nwork_dir: \(sandbox.path("work"))\n"
                    + "storage: {image_cache: {\(limits)}}\n")
            let result = try await sandbox.run(
                "image-composer", ["cache", "list", "--limits", "--config", sandbox.path("config.yml").string])
            #expect(result.output.hasPrefix(word + " ") && result.output.contains("|size=2000000B;"))
            #expect(result.status == Int32(status))
            try await sandbox.run(
                "image-composer", ["cache", "clean", "--all", "--config", sandbox.path("config.yml").string]
            ).check()
            #expect(try sandbox.text("work/bundle/rootfs/x") == "mine")
            #expect(
                !FileManager.default.fileExists(atPath: sandbox.path("work/debian-bookworm-amd64/imagebuild").string))
        }
    }

    @Test(arguments: [
        (["cache", "clean"], "nothing is named"), (["cache", "info", "abc"], "the image cache has none of that hash"),
        (["cache", "export", "abc", "x"], "the image cache has none of that hash"),
        (["cache", "import", "none.tar"], "none.tar"), (["inspect", "none.raw"], "none.raw"),
        (["build", "--workers", "0", "edge.yml"], "--workers 0"),
        (["build", "--refresh", "--offline", "edge.yml"], "--refresh with --offline"),
        (["build", "--output", "absent/", "edge.yml"], "absent/"), (["built", "edge.yml"], "command line"),
    ])
    func aMistakeIsOneLineWithAHint(words: [String], text: String) async throws {
        try await Sandbox.with { sandbox in
            try sandbox.write("edge.yml", Self.template)
            let result = try await Self.compose(sandbox, words)
            #expect(result.status != 0)
            let lines = result.error.split(separator: "\n")
            #expect(lines.first?.hasPrefix("image-composer: cannot ") == true, "\(result.error)")
            #expect(lines.count <= 2 && result.error.contains(text), "\(result.error)")
            #expect(result.output == "")
        }
    }

    @Test func aFrozenBuildNeedsTheLockAndTheImage() async throws {
        try await Sandbox.with { sandbox in
            try sandbox.write("edge.yml", Self.template)
            let result = try await Self.compose(sandbox, ["build", "--frozen", "edge.yml"]).check(3)
            #expect(result.error.contains("edge.lock.json"))
            #expect(result.error.contains("hint: image-composer resolve edge.yml"))
        }
    }

    @Test func itAnswersByTheNameThatItsUsersKnow() async throws {
        try await Sandbox.with { sandbox in
            let link = sandbox.path("os-image-composer")
            try FileManager.default.createSymbolicLink(
                atPath: link.string, withDestinationPath: Sandbox.products.appending("image-composer").string)
            let result = try await sandbox.run(link.string, ["validate", "none.yml"]).check(2)
            #expect(result.error.hasPrefix("os-image-composer: cannot read none.yml"))
            #expect(try await sandbox.run(link.string, ["version"]).check().output.hasPrefix("image-composer "))
        }
    }

    @Test func theConfigurationIsShownWithItsOrigins() async throws {
        try await Sandbox.with { sandbox in
            let text = try await Self.compose(sandbox, ["config", "show"]).check().output
            #expect(text.contains(sandbox.path("cache").string) && text.contains("workers"))
            let json = try await Self.compose(sandbox, ["config", "show", "--json"]).check()
            #expect(try JSONValue(parsing: json.outputBytes).members?.isEmpty == false)
        }
    }

    @Test(arguments: ["pipe", "edge.yml", "edge.lock.json", "link"])
    func nothingButAFileOfItsOwnIsWrittenOver(name: String) async throws {
        try await Sandbox.with { sandbox in
            try sandbox.write("edge.yml", Self.template)
            try sandbox.write("edge.lock.json", "{}")
            try await sandbox.run("mkfifo", [sandbox.path("pipe").string]).check()
            try FileManager.default.createSymbolicLink(
                atPath: sandbox.path("link").string, withDestinationPath: "edge.yml")
            let result = try await Self.compose(sandbox, ["build", "--output", name, "edge.yml"]).check(2)
            #expect(result.error.hasPrefix("image-composer: cannot write \(name): "))
            #expect(try sandbox.text("edge.yml") == Self.template)
            #expect(try sandbox.text("edge.lock.json") == "{}")
        }
    }

    @Test(.enabled(if: getuid() == 0)) func aWorkFolderOfAStrangerIsRefused() async throws {
        try await Sandbox.with { sandbox in
            try sandbox.write("edge.yml", Self.template)
            try sandbox.write("work/x", "")
            try await sandbox.run("chown", ["65534", sandbox.path("work").string]).check()
            let result = try await Self.compose(sandbox, ["build", "--offline", "edge.yml"])
            // Without a lock file the packages are asked for first; both are refusals, and nothing is made.
            #expect(result.status != 0)
            #expect(!FileManager.default.fileExists(atPath: sandbox.path("work/debian-bookworm-amd64").string))
        }
    }
}
