import Foundation
import JSON
import TestSupport
import Testing

/// `verify --repair` makes right just what is bad, and builds only where nothing less helps.
@Suite(.enabled(if: Requirements.tools("git", "tar")))
struct RepairTests {
    private static let files = ["tar", "inputs.json", "md5"].map { "docker-cache/demo-latest.\($0)" }

    /// A project whose entry is imported, committed and pushed to a repository beside it.
    private func withEntry(
        _ configuration: String = "", _ body: (Sandbox, _ object: String) async throws -> Void
    ) async throws {
        try await Sandbox.with { sandbox in
            let project = try await ImportedProject(sandbox)
            try sandbox.write("cache-image.yml", "images: {demo: {platform: linux/amd64}}\n\(configuration)")
            try sandbox.write(".gitignore", "home\n/*.tar\nsrv.git\n/*.json\nlayer\n")
            try await sandbox.run("git", ["init", "-q", "--bare", "srv.git"]).check()
            try await sandbox.run("git", ["remote", "add", "origin", "srv.git"]).check()
            try await project.archive()
            try await sandbox.run("git", ["add", "-A"]).check()
            try await project.import()
            try await sandbox.run("git", ["add", "-A"]).check()
            try await sandbox.run("git", ["commit", "-qm", "Entry"]).check()
            try await sandbox.run("cache-image", ["push"]).check()
            let object = try await sandbox.run("find", [".git/lfs/objects", "-type", "f"]).check().lines[0]
            try await body(sandbox, object)
        }
    }

    private func flip(_ sandbox: Sandbox, _ file: String) throws {
        var bytes = try sandbox.read(file)
        bytes[bytes.count / 2] ^= 1
        // Objects are shared with the repository beside by links.
        try FileManager.default.removeItem(atPath: sandbox.path(file).string)
        try sandbox.write(file, bytes: bytes)
    }

    @Test(arguments: [
        (["record"], "taken from Git"), (["sidecar"], "rewritten"), (["archive"], "copied from the object"),
        (["object"], "copied from the archive"), (["archive", "object"], "fetched"),
        (["record", "sidecar", "archive", "object"], "all of it"), (["no record"], "a missing record"),
        (["no sidecar"], "a missing sidecar"), (["no archive", "no object"], "a missing archive"),
    ])
    func onlyWhatIsBadIsMadeAnew(parts: [String], how: String) async throws {
        try await withEntry { sandbox, object in
            let sound = try Self.files.map { try sandbox.read($0) }
            let paths = [
                "archive": Self.files[0], "record": Self.files[1], "sidecar": Self.files[2], "object": object,
            ]
            for part in parts {
                let path = try #require(paths[part.replacingOccurrences(of: "no ", with: "")])
                if part.hasPrefix("no ") {
                    try FileManager.default.removeItem(atPath: sandbox.path(path).string)
                } else {
                    try flip(sandbox, path)
                }
            }
            let isDamage = !parts.allSatisfy { $0.hasPrefix("no ") }
            let found = try await sandbox.run("cache-image", ["verify"])
            // An archive that is elsewhere, too, is fetched by `verify` already where only that is missing.
            #expect(found.status == (isDamage ? 4 : 3), "\(how): \(found)")
            // No engine is at hand: nothing is built.
            let repaired = try await sandbox.run(
                "cache-image", ["verify", "--repair"], environment: ["PATH": pathWithoutEngines(sandbox)]
            ).check()
            #expect(repaired.output.hasPrefix("repaired demo:latest fresh"), "\(how): \(repaired)")
            try await sandbox.run("cache-image", ["verify"]).check()
            #expect(try Self.files.map { try sandbox.read($0) } == sound, "\(how)")
            #expect(try await sandbox.run("git", ["status", "--porcelain"]).check().output == "", "\(how)")
        }
    }

    /// A search path with `git` and nothing that runs containers.
    private func pathWithoutEngines(_ sandbox: Sandbox) throws -> String {
        let git = Sandbox.find("git", in: sandbox.environment["PATH"] ?? "").string
        let folder = sandbox.path("home/bin")
        try FileManager.default.createDirectory(atPath: folder.string, withIntermediateDirectories: true)
        let link = folder.appending("git").string
        if !FileManager.default.fileExists(atPath: link) {
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: git)
        }
        return folder.string
    }

    @Test func aDamagedPointerIsRewritten() async throws {
        try await withEntry("git: {worktree: pointer}\n") { sandbox, _ in
            let sound = try sandbox.text(Self.files[0])
            for damaged in [sound + "\n", sound.replacingOccurrences(of: "size 1", with: "size 2")] {
                try sandbox.write(Self.files[0], damaged)
                try await sandbox.run("cache-image", ["verify"]).check(4)
                try await sandbox.run("cache-image", ["verify", "--repair"]).check()
                #expect(try sandbox.text(Self.files[0]) == sound)
            }
        }
    }

    /// Nothing is read or written through them.
    @Test(arguments: ["sh -c 'rm $1 && ln -s ../home/secret $1' -", "sh -c 'rm $1 && mkfifo $1' -"])
    func whatIsPutInPlaceOfAFileIsReplaced(command: String) async throws {
        try await withEntry { sandbox, _ in
            try sandbox.write("home/secret", "secret")
            try sandbox.write("docker-cache/bases.lock.json", "{\n}\n")
            try await sandbox.run("git", ["add", "docker-cache"]).check()
            for file in Self.files + ["docker-cache/bases.lock.json"] {
                let sound = try sandbox.read(file)
                try await sandbox.run("sh", ["-ec", "\(command) \(file)"]).check()
                let found = try await sandbox.run("cache-image", ["verify"])
                #expect([3, 4].contains(found.status) && found.error.contains("(repair: "), "\(file): \(found)")
                let repaired = try await sandbox.run(
                    "cache-image", ["verify", "--repair"], environment: ["PATH": pathWithoutEngines(sandbox)]
                ).check()
                #expect(try sandbox.read(file) == sound, "\(file): \(repaired)")
                #expect(try sandbox.text("home/secret") == "secret")
            }
        }
    }

    /// A cache folder that an older script left is stale for `status`, and for `verify`, too.
    @Test func verifyAgreesWithStatusAboutWhatIsMissing() async throws {
        try await withEntry { sandbox, _ in
            try await sandbox.run("git", ["rm", "-q", "--cached", Self.files[1]]).check()
            try FileManager.default.removeItem(atPath: sandbox.path(Self.files[1]).string)
            #expect(try await sandbox.run("cache-image", ["status", "--exit-code"]).status == 3)
            let verify = try await sandbox.run("cache-image", ["verify", "--json"]).check(3)
            let finding = try JSONValue(parsing: verify.outputBytes).array?.first?["findings"]?.array?.first
            #expect(finding?["part"] == "record" && finding?["damage"] == false, "\(verify)")
        }
    }

    @Test func aShareOfTheLayersIsRead() async throws {
        try await withEntry { sandbox, object in
            for share in ["1%", "50", "100%"] {
                try await sandbox.run("cache-image", ["verify", "--read-data-subset", share]).check()
            }
            for share in ["0", "101%", "x", "-1"] {
                try await sandbox.run("cache-image", ["verify", "--read-data-subset", share]).check(2)
            }
            try await sandbox.run("cache-image", ["verify", "--repair", "--read-data-subset", "5%"]).check(2)
            // The one layer is read whatever the share.
            try flip(sandbox, Self.files[0])
            let found = try await sandbox.run("cache-image", ["verify", "--read-data-subset", "1%"]).check(4)
            #expect(found.error.contains("repair: fetch"), "\(found)")
        }
    }
}

/// What `verify --repair` builds.
@Suite(.enabled(if: Requirements.tools("podman", "git")), .tags(.engine, .slow))
struct RepairByBuildTests {
    @Test func whatIsNowhereElseIsBuilt() async throws {
        try await Project.with { project in
            try await project.cacheImage("update").check()
            for file in try await project.sandbox.run(
                "find", ["docker-cache", ".git/lfs/objects", "-type", "f", "-size", "+100k"], in: project.folder
            ).check().lines {
                var bytes = try project.sandbox.read("project/\(file)")
                bytes[bytes.count / 2] ^= 1
                try project.sandbox.write("project/\(file)", bytes: bytes)
            }
            try await project.cacheImage("verify").check(4)
            let repaired = try await project.cacheImage("verify", "--repair").check()
            #expect(repaired.output.hasPrefix("repaired demo:latest fresh"), "\(repaired)")
            try await project.cacheImage("verify").check()
        }
    }

    /// The steps archive stands in the work tree, and its object is what a push brings to others.
    @Test func theStepsAndTheirObjectAreCopiesOfEachOther() async throws {
        try await Project.with { project in
            try await project.cacheImage("update").check()
            try await project.commit("Entry")
            let steps = "docker-cache/demo-latest.steps.tar"
            let sound = try project.sandbox.read("project/\(steps)")
            let sum = try await project.sandbox.run("sha256sum", [project.path(steps).string]).check().output.prefix(64)
            let object = ".git/lfs/objects/\(sum.prefix(2))/\(sum.dropFirst(2).prefix(2))/\(sum)"
            for file in [steps, object] {
                var bytes = sound
                bytes[bytes.count / 2] ^= 1
                try project.sandbox.write("project/\(file)", bytes: bytes)
                let found = try await project.cacheImage("verify").check(4)
                #expect(found.error.contains("steps") && found.error.contains("(repair: fetch)"), "\(found)")
                try await project.cacheImage("verify", "--repair").check()
                for file in [steps, object] { #expect(try project.sandbox.read("project/\(file)") == sound, "\(file)") }
                try await project.cacheImage("verify").check()
                #expect(try await project.gitStatus() == "")
            }
        }
    }
}
