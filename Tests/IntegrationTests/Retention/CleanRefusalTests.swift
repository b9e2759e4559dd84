import Foundation
import SystemCalls
import TestSupport
import Testing

/// `clean` where something is in the way: it says so before anything is removed, and removes what it says.
@Suite(.enabled(if: Requirements.tools("git")))
struct CleanRefusalTests {
    /// A file that a command left which has ended, below the sandbox's root.
    private func leave(_ sandbox: Sandbox, in folder: String) async throws -> String {
        let path = "\(folder)/.tmp-\(TemporaryName.unique(of: try await sandbox.deadProcess()))"
        try sandbox.write(path, "")
        return path
    }

    private func exists(_ sandbox: Sandbox, _ path: String) -> Bool {
        FileManager.default.fileExists(atPath: sandbox.path(path).string)
    }

    /// A search path with these programs only.
    private func path(_ sandbox: Sandbox, _ programs: String...) throws -> String {
        let folder = "home/bin-" + programs.joined()
        try FileManager.default.createDirectory(atPath: sandbox.path(folder).string, withIntermediateDirectories: true)
        for program in programs {
            try FileManager.default.createSymbolicLink(
                atPath: sandbox.path("\(folder)/\(program)").string,
                withDestinationPath: Sandbox.find(program, in: sandbox.environment["PATH"] ?? "").string)
        }
        return sandbox.path(folder).string
    }

    @Test func whereItCannotBeToldWhatStaysNothingGoes() async throws {
        try await VersionedProject.with { project in
            let sandbox = project.sandbox
            let left = try await leave(sandbox, in: "w/docker-cache")
            func refuse(_ words: [String], _ status: Int32, _ text: String, path: String? = nil) async throws {
                for words in [words, words + ["--dry-run"]] {
                    let result = try await sandbox.run(
                        "cache-image", words, in: "w",
                        environment: path.map { ["PATH": $0] } ?? [:]
                    ).check(status)
                    #expect(result.error.contains(text) && result.output.isEmpty, "\(result)")
                    #expect(exists(sandbox, left), "\(words)")
                    #expect(try project.held() == ["one", "two", "three"], "\(words)")
                }
            }
            try await refuse(["clean"], 1, "cannot run git: the program is not installed", path: path(sandbox))
            try await refuse(
                ["clean", "--engine-images"], 12, "cannot find a container engine", path: path(sandbox, "git"))
            // A branch whose commit is gone: what it needs cannot be told.
            let lost = "w/.git/refs/heads/lost"
            try sandbox.write(lost, String(repeating: "1", count: 40) + "\n")
            try await refuse(["clean"], 1, "cannot run git ")
            try FileManager.default.removeItem(atPath: sandbox.path(lost).string)
            #expect(try await project.clean().count == 3)
        }
    }

    @Test func outsideOfARepositoryOnlyAConfigurationIsCleanedUpAfter() async throws {
        try await Sandbox.with { sandbox in
            let left = try await leave(sandbox, in: "plain/docker-cache")
            for words in [["clean"], ["clean", "--dry-run"]] {
                let result = try await sandbox.run("cache-image", words, in: "plain").check(10)
                #expect(result.error.contains("it is not in a Git repository"), "\(result)")
                #expect(exists(sandbox, left) && !exists(sandbox, "home/.cache"), "\(words)")
            }
            try sandbox.write("plain/cache-image.yml", "images: {demo: {}}\n")
            let words = ["clean", "--config", "cache-image.yml"]
            let dry = try await sandbox.run("cache-image", words + ["--dry-run"], in: "plain").check()
            let done = try await sandbox.run("cache-image", words, in: "plain").check()
            #expect(done.output.hasPrefix("removed file ") && !exists(sandbox, left), "\(done)")
            #expect(dry.output == "would remove" + done.output.dropFirst("removed".count), "\(dry)")
        }
    }

    /// Wherever commands write, and Git's lock on the index.
    @Test func aDryRunNamesAllThatKilledCommandsLeft() async throws {
        try await VersionedProject.with(versions: ["one"]) { project in
            let sandbox = project.sandbox
            var left: [String] = []
            for folder in ["w", "w/docker-cache", "w/.git/cache-image", "w/.git/info", "w/.git/hooks"] {
                left.append(try await leave(sandbox, in: folder))
            }
            for name in ["index.cache-image", "index.cache-image.new"] { try sandbox.write("w/.git/\(name)", "") }
            try FileManager.default.linkItem(
                atPath: sandbox.path("w/.git/index.cache-image").string,
                toPath: sandbox.path("w/.git/index.lock").string)
            left += ["index.cache-image", "index.cache-image.new", "index.lock"].map { "w/.git/\($0)" }
            let lines = try await project.clean()
            let expected = left.map { "removed file \(sandbox.path($0)): its command has ended" }
            #expect(lines.sorted() == expected.sorted(), "\(lines)")
            #expect(left.filter { exists(sandbox, $0) } == [])
            // The lock of another program is no leftover.
            try sandbox.write("w/.git/index.lock", "")
            #expect(try await project.clean() == [] && exists(sandbox, "w/.git/index.lock"))
        }
    }

    @Test(.enabled(if: Namespace.isAvailable)) func whatCannotBeRemovedIsSaidAndTheRestGoes() async throws {
        try await VersionedProject.with { project in
            let setup = """
                folder=$(dirname "$(grep -rlx one .git/lfs/objects)")
                mount --bind "$folder" "$folder"
                mount -o remount,bind,ro "$folder"
                """
            let done = try await project.sandbox.run("cache-image", ["clean"], after: setup, in: "w").check(1)
            #expect(done.lines.count == 1 && done.lines[0].hasPrefix("removed version "), "\(done)")
            #expect(done.error.contains("Read-only file system"), "\(done)")
            #expect(try project.held() == ["one", "three"])
        }
    }
}
