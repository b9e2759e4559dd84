import Foundation
import JSON
import TestSupport
import Testing

@Suite(.enabled(if: Requirements.tools("podman", "git")), .tags(.engine)) struct UpdateTests {
    @Test func aFirstUpdateBuildsAndASecondFindsNothingToDo() async throws {
        try await Project.with { (project) async throws in
            let first = try await project.cacheImage("update").check()
            let words = Project.words(first)
            #expect(words.prefix(2) == ["built", "demo:latest"])
            #expect(words.count == 5)
            let names = try FileManager.default.contentsOfDirectory(atPath: project.path("docker-cache").string)
            #expect(
                names.sorted() == [
                    "demo-latest.inputs.json", "demo-latest.md5", "demo-latest.steps.tar", "demo-latest.tar",
                ])
            let second = try await project.cacheImage("update").check()
            #expect(Project.words(second).prefix(4) == ["current", "demo:latest", words[2], words[3]])
            #expect(try await project.cacheImage("status").check().output == "fresh demo:latest \(words[2])\n")
            #expect(try await project.imageID().hasPrefix(words[3]))
        }
    }

    @Test func aChangedFileIsNamedAndRebuilt() async throws {
        try await Project.with { (project) async throws in
            try await project.cacheImage("update").check()
            try project.write("requirements.txt", "two\n")
            let check = try await project.cacheImage("update", "--check").check(3)
            #expect(check.output.hasPrefix("stale demo:latest "))
            #expect(check.output.contains("  changed requirements.txt"))
            #expect(try await project.cacheImage("status").check(0).output.contains("changed requirements.txt"))
            #expect(try await project.cacheImage("status", "--exit-code").status == 3)
            #expect(try await project.cacheImage("explain").check().output.contains("changed requirements.txt"))
            let update = try await project.cacheImage("update").check()
            #expect(Project.words(update).first == "built")
            #expect(update.error.contains("changed requirements.txt"))
            #expect(try await project.runTests("unit").check().output == "hello\ntwo\n")
        }
    }

    @Test(arguments: ["update", "save", "build"])
    func aDamagedArchiveIsMendedThoughTheEngineHoldsTheImage(verb: String) async throws {
        try await Project.with { (project) async throws in
            try await project.cacheImage("update").check()
            try await project.commit("Entry")
            let archive = "\(project.folder)/docker-cache/demo-latest.tar"
            let sound = try project.sandbox.read(archive)
            var damaged = sound
            damaged[5000] ^= 1
            try project.sandbox.write(archive, bytes: damaged)
            try await project.cacheImage("verify").check(4)
            try await project.cacheImage(verb).check()
            #expect(try await project.cacheImage("verify").status == 0)
            if verb != "build" { #expect(try project.sandbox.read(archive) == sound) }
            #expect(Project.words(try await project.cacheImage("update").check()).first == "current")
        }
    }

    @Test func aStepOfAnotherArchitectureIsNotTakenFromTheCache() async throws {
        try await Project.with { (project) async throws in
            try project.write("Dockerfile", "FROM scratch\nCOPY src/main.txt /b\n")
            for platform in ["linux/amd64", "linux/arm64", "linux/amd64"] {
                try project.write("cache-image.yml", "engine: podman\nimages: {demo: {platform: \(platform)}}\n")
                let made = Project.words(try await project.cacheImage("build").check())
                #expect(["built", "current"].contains(made.first))
                #expect(try await project.cacheImage("verify").status == 0)
            }
        }
    }

    @Test func anImageOfAnotherArchitectureIsNotStored() async throws {
        try await Project.with { (project) async throws in
            try project.write("other/a", "a\n")
            try project.write("other/Dockerfile", "FROM scratch\nCOPY a /a\n")
            try await project.podman(
                "build", "--platform", "linux/arm64", "-t", "localhost/other:1", project.path("other").string
            ).check()
            try project.write("Dockerfile", "FROM localhost/other:1 AS test\nCOPY src/main.txt /b\n")
            let refused = try await project.cacheImage("update").check(1)
            #expect(refused.error.contains("it is an image for linux/arm64, the entry is for linux/amd64"))
            #expect(!FileManager.default.fileExists(atPath: project.path("docker-cache/demo-latest.tar").string))
        }
    }

    @Test func anotherStoreIsGivenTheImageWithoutABuild() async throws {
        try await Project.with { (project) async throws in
            let built = Project.words(try await project.cacheImage("update").check())
            let loaded = try await project.cacheImage("update", store: "b").check()
            #expect(Project.words(loaded).prefix(4) == ["loaded", "demo:latest", built[2], built[3]])
            #expect(try await project.imageID(store: "b").hasPrefix(built[3]))
            #expect(try await project.runTests("unit", store: "b").check().output == "hello\none\n")
        }
    }

    @Test func aTagThatNamesAnotherImageIsPutRight() async throws {
        try await Project.with { (project) async throws in
            try await project.cacheImage("update").check()
            let right = try await project.imageID()
            try await project.git("checkout", "-q", "-b", "other")
            try project.write("src/main.txt", "other\n")
            try await project.cacheImage("update").check()
            try await project.commit("Other")
            #expect(try await project.imageID() != right)
            try await project.git("stash", "-q", "--include-untracked", "--all")
            try await project.podman("tag", right, "localhost/demo:latest").check()
            try await project.cacheImage("update").check()
            #expect(try await project.runTests("unit").check().output.hasPrefix("other"))
        }
    }

    @Test func twoUpdatesAtOnceBuildOnce() async throws {
        try await Project.with { (project) async throws in
            async let one = project.cacheImage("update")
            async let two = project.cacheImage("update")
            let actions = [Project.words(try await one.check())[0], Project.words(try await two.check())[0]]
            #expect(actions.sorted() == ["built", "current"])
        }
    }

    @Test func theStoredArchiveIsReadWithoutThisTool() async throws {
        try await Project.with { (project) async throws in
            try await project.cacheImage("update").check()
            let id = try await project.imageID()
            let tar = project.path("docker-cache/demo-latest.tar").string
            try await project.podman("load", "-i", tar, store: "c").check()
            #expect(try await project.imageID(store: "c") == id)
            let names = try await project.sandbox.run("tar", ["-tf", tar]).check().lines
            #expect(names.last == "manifest.json")
            #expect(names.allSatisfy { $0.hasPrefix("blobs/sha256/") || $0 == "manifest.json" })
            if Requirements.tools("skopeo") {
                try await project.sandbox.run("skopeo", ["inspect", "docker-archive:\(tar)"]).check()
            }
        }
    }

    @Test func onlyTheLayersThatChangedGoToTheEngine() async throws {
        try await Project.with { (project) async throws in
            try await project.cacheImage("update").check()
            try await project.cacheImage("load", store: "b").check()
            try project.write("src/main.txt", "other\n")
            try await project.cacheImage("update").check()
            func sent(_ load: CommandResult) throws -> Int64? {
                try JSONValue(parsing: Array(load.output.utf8)).array?.first?["bytesSent"]?.integer
            }
            let load = try await project.cacheImage("load", "--json", "-v", store: "b").check()
            let count = try #require(try sent(load))
            #expect(count > 0 && count < 30_000, "\(load)")
            #expect(load.error.contains("layers of demo:latest: it is given \(count) of "), "\(load)")
            #expect(try await project.imageID(store: "b") == project.imageID())
            #expect(try sent(try await project.cacheImage("load", "--json", store: "b").check()) == 0)
        }
    }

    @Test func damageIsFoundAndRepaired() async throws {
        try await Project.with { (project) async throws in
            let built = Project.words(try await project.cacheImage("update").check())
            let tar = project.path("docker-cache/demo-latest.tar").string
            var bytes = try Data(contentsOf: URL(fileURLWithPath: tar))
            bytes[bytes.count / 2] ^= 1
            try bytes.write(to: URL(fileURLWithPath: tar))
            #expect(try await project.cacheImage("verify").status == 4)
            #expect(try await project.cacheImage("load", store: "b").status == 4)
            #expect(try await project.imageID(store: "b") == "")
            let update = try await project.cacheImage("update", store: "b").check()
            #expect(["restored", "built"].contains(Project.words(update)[0]))
            try await project.cacheImage("verify").check()
            // Damage outside of every blob, too: of the last zero block.
            bytes = try Data(contentsOf: URL(fileURLWithPath: tar))
            bytes[bytes.count - 1] ^= 1
            try bytes.write(to: URL(fileURLWithPath: tar))
            let load = try await project.cacheImage("load", store: "c").check(4)
            #expect(load.error.contains("it is not in the canonical form"), "\(load)")
            #expect(try await project.imageID(store: "c") == "")
            try await project.cacheImage("update", store: "c").check()
            try await project.cacheImage("verify").check()
            try bytes.prefix(1000).write(to: URL(fileURLWithPath: tar))
            #expect(try await project.cacheImage("status").check().output.hasPrefix("corrupt demo:latest"))
            try await project.cacheImage("update", store: "b").check()
            #expect(try await Project.words(project.cacheImage("update", store: "b").check())[2] == built[2])
        }
    }

    @Test func aMissingEntryHasExitStatus3() async throws {
        try await Project.with { (project) async throws in
            let load = try await project.cacheImage("load").check(3)
            #expect(load.error.hasPrefix("cache-image: cannot load demo:latest: "))
            #expect(load.error.contains("hint: cache-image update demo:latest"))
            #expect(try await project.cacheImage("status").check().output.hasPrefix("missing demo:latest"))
            #expect(try await project.runTests("--frozen", "unit").status == 125)
        }
    }

    @Test func failingBuildsShowTheStepAndLeaveTheOldEntry() async throws {
        try await Project.with { (project) async throws in
            try await project.cacheImage("update").check()
            let before = try project.sandbox.read("project/docker-cache/demo-latest.md5")
            try project.write("Dockerfile", Project.dockerfile + "RUN echo broken && exit 9\n")
            let failed = try await project.cacheImage("update").check(13)
            #expect(failed.error.contains("exit 9"))
            #expect(try project.sandbox.read("project/docker-cache/demo-latest.md5") == before)
            try project.write("Dockerfile", Project.dockerfile)
            #expect(try await Project.words(project.cacheImage("update").check())[0] == "current")
        }
    }
}
