import Foundation
import TestSupport
import Testing

/// Git's variables, as hooks and scripts set them: relative or absolute, from any folder.
@Suite(.enabled(if: Requirements.tools("podman", "git")), .tags(.engine)) struct GitVariableTests {
    /// A repository whose images lie in `svc`, with an entry committed.
    static func with(_ body: (Project) async throws -> Void) async throws {
        try await Project.with(isRepository: false) { project in
            for file in ["Dockerfile", "cache-image.yml"] {
                try FileManager.default.removeItem(atPath: project.path(file).string)
            }
            try project.write("svc/Dockerfile", "FROM scratch\nCOPY src /src\n")
            try project.write("svc/cache-image.yml", "engine: podman\nimages:\n  demo: {}\n")
            try project.write("svc/src/a", "one\n")
            try project.write(".gitignore", "*.bin\n")
            try project.write("svc/src/x.bin", "x\n")
            try await project.git("init", "-q")
            try await project.git("add", "-f", "svc/src/x.bin")
            try await project.commit("Start")
            try await project.cacheImage("update", "-q", in: "svc").check()
            try await project.commit("Entry")
            try await body(project)
        }
    }

    @Test func aHookThatChangesTheFolderStagesIntoTheCommit() async throws {
        try await Self.with { project in
            let program = Sandbox.products.appending("cache-image").string
            try project.write(
                ".git/hooks/pre-commit", "#!/bin/sh\ncd svc && \(program) update -q\n", permissions: 0o755)
            try await project.git("worktree", "add", "-q", "../other")
            // In the hook of a linked worktree GIT_DIR is set, too.
            for (folder, text) in [(project.folder, "two\n"), ("other", "three\n")] {
                try project.sandbox.write("\(folder)/svc/src/a", text)
                for words in [["add", "-A"], ["commit", "-qm", text]] {
                    try await project.sandbox.run(
                        "git", words, in: folder, environment: try project.storeVariables("a")
                    ).check()
                }
                let names = try await project.sandbox.run(
                    "git", ["show", "--format=", "--name-only"], in: folder
                ).check().lines.sorted()
                #expect(
                    names == [
                        "svc/docker-cache/demo-latest.inputs.json", "svc/docker-cache/demo-latest.md5",
                        "svc/docker-cache/demo-latest.steps.tar", "svc/docker-cache/demo-latest.tar", "svc/src/a",
                    ])
                let status = try await project.sandbox.run("git", ["status", "--porcelain"], in: folder).check()
                #expect(status.output.isEmpty)
            }
            #expect(!project.exists("svc/.git"))
        }
    }

    @Test func theKeyIsTheSameHoweverTheRepositoryIsNamed() async throws {
        try await Self.with { project in
            let plain = try await project.cacheImage("inputs", "--key", in: "svc").check().output
            let root = project.path("").lexicallyNormalized().string
            for (folder, variables) in [
                ("svc", ["GIT_INDEX_FILE": ".git/index"]), ("svc/src", ["GIT_INDEX_FILE": ".git/index"]),
                ("svc", ["GIT_DIR": "../.git", "GIT_WORK_TREE": ".."]),
                ("svc", ["GIT_DIR": root + "/.git", "GIT_WORK_TREE": root]),
                ("svc", ["GIT_WORK_TREE": ".."]),
                ("svc", ["GIT_OBJECT_DIRECTORY": root + "/.git/objects"]),
                ("svc", ["GIT_CEILING_DIRECTORIES": root + "/.."]),
            ] {
                let result = try await project.cacheImage(
                    "inputs", "--key", in: folder, environment: variables.mapValues { Optional($0) })
                #expect(try result.check().output == plain, "\(folder) \(variables)")
                let state = try await project.cacheImage(
                    "status", in: folder, environment: variables.mapValues { Optional($0) })
                #expect(try state.check().output.hasPrefix("fresh"), "\(folder) \(variables)")
            }
            // A ceiling below the root hides the repository, and with it the file.
            let hidden = try await project.cacheImage(
                "status", in: "svc/src", environment: ["GIT_CEILING_DIRECTORIES": root + "/svc"])
            #expect(hidden.status == 2)
        }
    }

    @Test func aWorkTreeBesideItsGitFolderIsFoundFromOutside() async throws {
        try await Sandbox.with { sandbox in
            try sandbox.write("tree/cache-image.yml", "images:\n  demo: {}\n")
            try sandbox.write("tree/Dockerfile", "FROM scratch\nCOPY src /src\n")
            try sandbox.write("tree/src/a", "one\n")
            for (folder, variables) in [
                ("", ["GIT_DIR": "store", "GIT_WORK_TREE": "tree"]),
                ("tree/src", ["GIT_DIR": "../../store", "GIT_WORK_TREE": ".."]),
                ("store", ["GIT_DIR": ".", "GIT_WORK_TREE": "../tree"]),
            ] {
                let environment = variables.mapValues { Optional($0) }
                if folder.isEmpty { try await sandbox.run("git", ["init", "-q"], environment: environment).check() }
                let inputs = try await sandbox.run("cache-image", ["inputs"], in: folder, environment: environment)
                #expect(try inputs.check().output.contains("src/a"), "\(folder)")
                let track = try await sandbox.run(
                    "cache-image", ["lfs", "track", "*.\(folder.count)"], in: folder, environment: environment)
                try track.check()
                let file = folder == "tree/src" ? "tree/src/.gitattributes" : "tree/.gitattributes"
                #expect(try sandbox.text(file).contains("*.\(folder.count) filter=lfs"))
            }
        }
    }

    @Test func objectsAreReadWhereTheVariableSays() async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.run("git", ["init", "-q", "full"]).check()
            try sandbox.write("full/.gitattributes", "*.bin filter=lfs diff=lfs merge=lfs -text\n")
            try sandbox.write("full/a.bin", "raw")
            // Without a filter of that name Git stores the bytes themselves.
            for words in [["add", "-A"], ["commit", "-qm", "raw"]] {
                try await sandbox.run("git", words, in: "full").check()
            }
            let tip = try await sandbox.run("git", ["rev-parse", "HEAD"], in: "full").check().lines[0]
            try await sandbox.run("git", ["init", "-q", "other"]).check()
            for (folder, objects) in [("other", "../full/.git/objects"), ("", "full/.git/objects")] {
                let environment: [String: String?] = [
                    "GIT_DIR": sandbox.path("other/.git").string, "GIT_WORK_TREE": sandbox.path("other").string,
                    "GIT_OBJECT_DIRECTORY": objects,
                ]
                try await sandbox.run(
                    "git", ["update-ref", "refs/heads/main", tip], in: folder, environment: environment
                ).check()
                let result = try await sandbox.run(
                    "cache-image", ["lfs", "fsck", "--pointers"], in: folder, environment: environment)
                #expect(result.status == 1)
                #expect((result.output + result.error).contains("a.bin"))
            }
        }
    }
}
