import Foundation
import TestSupport
import Testing

/// Clones that lack files which count, with an entry that someone has committed: the tests run there, a build does not.
///
/// The entry is imported, so that nothing has to be built.
@Suite(.enabled(if: Requirements.tools("podman", "git", "tar")), .tags(.engine)) struct AbsentFilesTests {
    enum Story: String, CaseIterable {
        case sparse, submodule

        var hint: String {
            self == .sparse ? "hint: git sparse-checkout add lib" : "hint: git submodule update --init -- lib"
        }
    }

    /// Writes `image.tar`, a docker-archive with busybox in its one layer.
    private func writeArchive(_ sandbox: Sandbox) async throws {
        let busybox = Array(try Data(contentsOf: URL(fileURLWithPath: "/bin/busybox")))
        try sandbox.write("bin/busybox", bytes: busybox, permissions: 0o755)
        try await sandbox.writeArchive(of: "bin/busybox")
    }

    /// Makes `project` with the folder or submodule `lib`, and its entry; gives a clone that lacks `lib`.
    private func clone(_ project: Project, _ story: Story) async throws -> Project {
        let sandbox = project.sandbox
        try project.write("Dockerfile", "FROM scratch\nCOPY lib/* Dockerfile /app/\n")
        try project.write(
            "cache-image.yml",
            """
            engine: podman
            images: {demo: {platform: linux/amd64}}
            tests:
              levels:
                unit: {command: [/bin/busybox, echo, ran], network: none}

            """)
        try await writeArchive(sandbox)
        if story == .submodule {
            try sandbox.write("other/a", "1")
            try await sandbox.run("git", ["init", "-q"], in: "other").check()
            try await sandbox.run("git", ["add", "-A"], in: "other").check()
            try await sandbox.run("git", ["commit", "-qm", "x"], in: "other").check()
            try await sandbox.run("git", ["config", "--global", "protocol.file.allow", "always"]).check()
            try await project.git("submodule", "add", "-q", sandbox.path("other").string, "lib")
        } else {
            try project.write("lib/a", "1")
        }
        try await project.commit("Library")
        try await project.cacheImage("import", sandbox.path("image.tar").string, "demo").check()
        try await project.commit("Entry")
        try await sandbox.run(
            "git", ["clone", "-q"] + (story == .sparse ? ["--sparse"] : []) + ["project", "clone"]
        ).check()
        let clone = Project(sandbox, folder: "clone")
        if story == .sparse { try await clone.git("sparse-checkout", "set", "docker-cache") }
        return clone
    }

    @Test(arguments: Story.allCases) func theTestsRunAndNothingIsBuilt(story: Story) async throws {
        try await Project.with { (project) async throws in
            let clone = try await clone(project, story)
            let key = try await project.cacheImage("inputs", "--key").check().output
            #expect(try await clone.cacheImage("inputs", "--key").check().output == key)
            let status = try await clone.cacheImage("status").check().output
            #expect(status.hasPrefix("fresh ") || status.hasPrefix("pointer "), "\(status)")
            let run = try await clone.runTests("--frozen", "unit", store: "b")
            #expect(try run.check().output == "ran\n", "\(run)")
            #expect(try await clone.cacheImage("load", store: "c").check().output.hasPrefix("loaded "))
            #expect(try await clone.cacheImage("update", store: "c").check().output.hasPrefix("current "))
            #expect(try await clone.gitStatus() == "")
            let build = try await clone.cacheImage("build", store: "b")
            #expect(build.status == 2)
            #expect(build.error.contains("cannot use lib"), "\(build)")
            #expect(build.error.contains(story.hint))
            #expect(try await clone.gitStatus() == "")
        }
    }

    @Test(arguments: Story.allCases) func anEntryOfOtherFilesIsRefused(story: Story) async throws {
        try await Project.with { (project) async throws in
            let clone = try await clone(project, story)
            try project.write("lib/a", "2")
            if story == .submodule {
                try await project.sandbox.run("git", ["commit", "-qam", "y"], in: "project/lib").check()
                try await project.sandbox.run("git", ["push", "-q", "origin", "HEAD:new"], in: "project/lib").check()
            }
            try await project.commit("Change")
            try await clone.git("pull", "-q", "--no-recurse-submodules")
            for words in [["status"], ["update"], ["load"], ["inputs", "--key"]] {
                let result = try await clone.sandbox.run(
                    "cache-image", words, in: "clone", environment: try clone.storeVariables("b"))
                #expect(result.status == 2, "\(words)")
                #expect(result.error.contains(story.hint), "\(result)")
            }
            let run = try await clone.runTests("--frozen", "unit", store: "b")
            #expect(run.status == 125)
            #expect(run.error.contains(story.hint))
            let command = story.hint.dropFirst("hint: git ".count).split(separator: " ").map(String.init)
            try await clone.sandbox.run("git", command, in: "clone").check()
            #expect(try await clone.cacheImage("status").check().output.hasPrefix("stale "))
        }
    }
}
