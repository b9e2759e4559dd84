import JSON
import TestSupport
import Testing

@Suite struct CommandLineTests {
    @Test func wrongWordsHaveExitStatus2AndAHint() async throws {
        try await Sandbox.with { (sandbox) async throws in
            let unknown = try await sandbox.run("cache-image", ["--bogus"]).check(2)
            #expect(unknown.error.hasPrefix("cache-image: cannot read the command line: "))
            #expect(try await sandbox.run("run-tests", ["--bogus"]).status == 125)
            #expect(
                try await sandbox.run("cache-image", ["update"]).check(2).error.contains("there is no cache-image.yml"))
            #expect(try await sandbox.run("cache-image", ["--help"]).check().output.contains("SUBCOMMANDS"))
        }
    }

    @Test func globalFlagsMayStandBeforeTheCommand() async throws {
        try await Sandbox.with { (sandbox) async throws in
            try sandbox.write("sub/cache-image.yml", "images: {demo: {}}\n")
            let show = try await sandbox.run(
                "cache-image", ["-C", "sub", "--json", "config", "show", "--config", "cache-image.yml"]
            ).check()
            let document = try JSONValue(parsing: show.outputBytes)
            #expect(document["images.demo.tag"]?["value"] == "latest")
        }
    }

    @Test func anUnknownKeyIsGuessedAt() async throws {
        try await Sandbox.with { (sandbox) async throws in
            try sandbox.write("cache-image.yml", "images:\n  demo:\n    dockerfil: x\n")
            let result = try await sandbox.run("cache-image", ["status", "--config", "cache-image.yml"]).check(2)
            #expect(result.error.contains("cache-image.yml:3"))
            #expect(result.error.contains("did you mean"))
        }
    }

    @Test func anUndeclaredImageHasExitStatus2() async throws {
        try await Sandbox.with { (sandbox) async throws in
            try sandbox.write("cache-image.yml", "images: {demo: {}}\n")
            #expect(
                try await sandbox.run("cache-image", ["--config=cache-image.yml", "status", "demmo"]).check(2).error
                    .contains("demo"))
        }
    }

    @Test func variablesStandForFlags() async throws {
        try await Sandbox.with { (sandbox) async throws in
            let result = try await sandbox.run(
                "cache-image", ["config", "show"], environment: ["CACHE_IMAGE_ENGINE": "buildah"])
            #expect(try result.check().output.contains("CACHE_IMAGE_ENGINE"))
            try sandbox.write("cache-image.yml", "images: {demo: {}}\n")
            let arguments = ["export", "--config", "cache-image.yml", "demo", "x.tar"]
            for (name, word) in [("FORMAT", "zip"), ("COMPRESS", "rar")] {
                let refused = try await sandbox.run(
                    "cache-image", arguments, environment: ["CACHE_IMAGE_" + name: word])
                #expect(try refused.check(2).error.contains(word))
            }
        }
    }
}
