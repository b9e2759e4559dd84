import Foundation
import SystemPackage
import TestSupport
import Testing

/// What people get wrong, and what they are told: a line or flag, a guess, the next command.
///
/// No engine is needed.
@Suite(.enabled(if: Requirements.tools("git", "tar"))) struct MistakeTests {
    private static let dockerfile = "FROM scratch AS base\nCOPY a /\nFROM base AS test\n"

    private func project(_ sandbox: Sandbox, _ configuration: String) async throws {
        try sandbox.write("Dockerfile", Self.dockerfile)
        try sandbox.write("a", "1")
        try sandbox.write("sub/Dockerfile", Self.dockerfile)
        try sandbox.write("sub/a", "1")
        try sandbox.write(".gitignore", "/ignored\n")
        try sandbox.write("ignored", "1")
        try sandbox.write("cache-image.yml", configuration)
        try await sandbox.run("git", ["init", "-q"]).check()
    }

    /// Keys of an image, the arguments, and the error.
    private static let values: [(String, [String], String)] = [
        (
            "target: tst", [],
            "cannot read cache-image.yml:3: images.demo.target: Dockerfile has no stage \"tst\", did you mean \"test\"?"
        ),
        (
            "dockerfile: Dckerfile", [],
            """
            cannot read cache-image.yml:3: images.demo.dockerfile: there is no file "Dckerfile", did you mean \
            "Dockerfile"?
            """
        ),
        (
            "dockerfile: sub/wholly", [],
            "cannot read cache-image.yml:3: images.demo.dockerfile: there is no file \"sub/wholly\"\n"
        ),
        (
            "context: sbu", [],
            "cannot read cache-image.yml:3: images.demo.context: there is no folder \"sbu\", did you mean \"sub\"?"
        ),
        (
            "inputs: [a, sub/x]", [],
            "cannot read cache-image.yml:3: images.demo.inputs[1]: there is no file \"sub/x\""
        ),
        (
            "inputs: [ignored]", [],
            """
            cannot read cache-image.yml:3: images.demo.inputs[0]: "ignored" is left out
            hint: a git-ignored file counts where includeIgnored names it
            """
        ),
        (
            "type: a", ["--target", "bas"],
            "cannot use --target: Dockerfile has no stage \"bas\", did you mean \"base\"?"
        ),
    ]

    @Test(arguments: values)
    func aValueThatNamesNothingIsReportedWhereItWasSaid(key: String, words: [String], message: String) async throws {
        try await Sandbox.with { sandbox in
            try await project(sandbox, "images:\n  demo:\n    \(key)\n")
            let result = try await sandbox.run("cache-image", ["inputs"] + words)
            #expect(result.status == 2, "\(result)")
            #expect(result.error.contains(message), "\(result)")
            #expect(result.error.contains("includeIgnored") == message.contains("includeIgnored"), "\(result)")
            try await sandbox.run("cache-image", ["config", "show"]).check()
        }
    }

    @Test(arguments: [
        (
            "buildpacks: [a]",
            "cannot make later:latest (cache-image.yml:3): buildpacks is not built yet\nhint: upgrade cache-image", 2
        ),
        ("os: debian.yml", "cannot read cache-image.yml:3: images.later.os: there is no file \"debian.yml\"", 1),
    ])
    func anImageThatCannotBeMadeStopsNoOther(key: String, message: String, parts: Int) async throws {
        try await Sandbox.with { sandbox in
            try await project(sandbox, "images:\n  later:\n    \(key)\n  demo: {}\n")
            for command in [["status"], ["inputs"], ["list"], ["update", "--check"]] {
                let result = try await sandbox.run("cache-image", command)
                #expect(result.status == 2, "\(result)")
                #expect(result.error.contains(message), "\(result)")
                #expect(result.output.contains("demo:latest"), "\(result)")
                #expect(result.error.components(separatedBy: "no effect yet: ").count == parts, "\(result)")
            }
            try await sandbox.run("cache-image", ["status", "demo"]).check()
            try await sandbox.run("cache-image", ["config", "show"]).check()
        }
    }

    /// Words of a command line, the status, and what is said.
    private static let commands: [(String, [String], Int32, String)] = [
        ("cache-image", ["help", "nope"], 2, "cannot show the help of nope: there is no such command"),
        ("cache-image", ["help", "lfs", "fetsh"], 2, "there is no such command, did you mean \"fetch\"?"),
        ("cache-image", ["help", "lfs", "fetch"], 0, ""),
        ("cache-image", ["help"], 0, ""),
        ("run-tests", ["--list", "extra"], 125, "cannot use --list with extra: it lists every level"),
        ("run-tests", ["--list"], 0, ""),
        ("cache-image", ["export", "demo", "-"], 2, "cannot export to -: an image is written to a file or folder"),
        ("cache-image", ["status", "--lock-timeout", "-1"], 2, "cannot use --lock-timeout \"-1\": expected a number"),
    ]

    @Test(arguments: commands)
    func aCommandLineThatMeansNothingIsRefused(
        program: String, words: [String], status: Int32, message: String
    ) async throws {
        try await Sandbox.with { sandbox in
            try await project(sandbox, "images: {demo: }\ntests: {levels: {unit: [true]}}\n")
            let result = try await sandbox.run(program, words)
            #expect(result.status == status, "\(result)")
            #expect(message.isEmpty || result.error.contains(message), "\(result)")
            #expect(!FileManager.default.fileExists(atPath: sandbox.path("-").string))
        }
    }

    @Test func exportNamesTheFileThatItWasAskedFor() async throws {
        try await Sandbox.with { sandbox in
            let project = try await ImportedProject(sandbox)
            try await project.archive()
            try await project.import()
            for format in ["docker-archive", "oci-archive", "oci"] {
                let result = try await sandbox.run("cache-image", ["export", "demo", "none/x", "--format", format])
                #expect(result.status == 1, "\(result)")
                #expect(result.error.contains("cannot create none/x: there is no folder none"), "\(result)")
            }
        }
    }

    @Test func aRevisionThatIsNotThereHasAHint() async throws {
        try await Sandbox.with { sandbox in
            try await project(sandbox, "images: {demo: }\n")
            let result = try await sandbox.run("cache-image", ["load", "--rev", "nope"])
            #expect(result.status == 2, "\(result)")
            #expect(
                result.error.contains(
                    "cannot find revision nope: there is no such commit\nhint: cache-image history demo:latest"),
                "\(result)")
        }
    }

    @Test func theHintOutsideARepositoryIsACommand() async throws {
        try await Sandbox.with { sandbox in
            try sandbox.write("cache-image.yml", "images: {demo: }\ntests: {levels: {unit: [true]}}\n")
            try sandbox.write("Dockerfile", "FROM scratch\n")
            for (program, words) in [("cache-image", ["status", "demo"]), ("run-tests", ["--list"])] {
                let result = try await sandbox.run(program, words)
                let hint = "hint: \(program) --config cache-image.yml \(words.joined(separator: " "))\n"
                #expect(result.error.hasSuffix(hint), "\(result)")
                let command = String(hint.dropFirst(6))
                try await sandbox.run("sh", ["-c", "PATH=\(Sandbox.products):$PATH; \(command)"]).check()
            }
        }
    }
}
