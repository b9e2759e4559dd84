import Foundation
import TestSupport
import Testing

/// Files that decide about a project, where the checkout leaves them out or a merge left them unresolved.
@Suite(.enabled(if: Requirements.tools("podman", "git")), .tags(.engine)) struct UnreadyFilesTests {
    private static let team = "*.png binary\n"

    /// Makes two branches that changed a file differently, and merges them.
    private func conflict(_ project: Project, _ file: String, _ ours: String, _ theirs: String) async throws {
        try await project.git("checkout", "-q", "-b", "other")
        try project.write(file, theirs)
        try await project.commit("Theirs")
        try await project.git("checkout", "-q", "-")
        try project.write(file, ours)
        try await project.commit("Ours")
        let merge = try await project.sandbox.run("git", ["merge", "-q", "other"], in: project.folder)
        #expect(merge.status == 1)
    }

    private func refuses(
        _ result: CommandResult, _ message: String, hint: String, status: Int32 = 2,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(result.status == status, "\(result)", sourceLocation: sourceLocation)
        #expect(result.error.contains(message), "\(result)", sourceLocation: sourceLocation)
        #expect(result.error.contains("hint: \(hint)"), "\(result)", sourceLocation: sourceLocation)
    }

    @Test func attributesInConflictAreNotStaged() async throws {
        try await Project.with { project in
            try await conflict(project, ".gitattributes", "*.a binary\n", "*.b binary\n")
            let merged = try String(contentsOfFile: project.path(".gitattributes").string, encoding: .utf8)
            refuses(
                try await project.cacheImage("update", "-q"), ".gitattributes unresolved",
                hint: "resolve it, then git add -- .gitattributes && cache-image update", status: 9)
            let track = try await project.cacheImage("lfs", "track", "*.bin")
            #expect(track.status != 0)
            #expect(track.error.contains("a merge left it unresolved"), "\(track)")
            let status = try await project.gitStatus()
            #expect(status.contains("AA .gitattributes\n"), "\(status)")
            #expect(!status.contains("A  docker-cache"), "\(status)")
            #expect(try String(contentsOfFile: project.path(".gitattributes").string, encoding: .utf8) == merged)
            try project.write(".gitattributes", "*.a binary\n*.b binary\n")
            try await project.git("add", "--", ".gitattributes")
            try await project.cacheImage("update", "-q").check()
            let staged = try await project.git("show", ":.gitattributes").output
            #expect(staged.hasPrefix("*.a binary\n*.b binary\ndocker-cache/*.tar "), "\(staged)")
        }
    }

    @Test(arguments: [true, false]) func attributesThatAreLeftOutKeepTheTeamsLines(isSparse: Bool) async throws {
        try await Project.with { project in
            try project.write(".gitattributes", Self.team)
            try await project.commit("Attributes")
            if isSparse {
                try await project.git("sparse-checkout", "set", "--no-cone", "/*", "!/.gitattributes")
            } else {
                try await project.git("update-index", "--skip-worktree", ".gitattributes")
                try FileManager.default.removeItem(atPath: project.path(".gitattributes").string)
            }
            #expect(!project.exists(".gitattributes"))
            try await project.cacheImage("update", "-q").check()
            let staged = try await project.git("show", ":.gitattributes").output
            #expect(staged.hasPrefix(Self.team + "docker-cache/*.tar "), "\(staged)")
            try await project.cacheImage("lfs", "track", "*.bin").check()
            let written = try String(contentsOfFile: project.path(".gitattributes").string, encoding: .utf8)
            #expect(written.hasPrefix(staged) && written.contains("*.bin filter=lfs"))
        }
    }

    @Test func aCommittedFileThatHasAllLinesStaysLeftOut() async throws {
        try await Project.with { project in
            try await project.cacheImage("update", "-q").check()
            try await project.commit("Entry")
            try await project.git("sparse-checkout", "set", "--no-cone", "/*", "!/.gitattributes")
            try project.write("src/main.txt", "other\n")
            try await project.cacheImage("update", "-q").check()
            #expect(!project.exists(".gitattributes"))
            #expect(try await !project.gitStatus().contains(".gitattributes"))
        }
    }

    @Test func noOtherFileTakesThePlaceOfOneThatIsLeftOut() async throws {
        try await Project.with { project in
            try project.write("Containerfile", "FROM scratch AS test\n")
            try project.write("svc/cache-image.yml", Project.configuration)
            try await project.commit("Others")
            try await project.git(
                "sparse-checkout", "set", "--no-cone", "/*", "!/Dockerfile", "!/svc/cache-image.yml")
            refuses(
                try await project.cacheImage("inputs"), "cannot use Dockerfile as an input: the sparse checkout",
                hint: "git sparse-checkout add /Dockerfile")
            try project.write("svc/own", "")
            refuses(
                try await project.cacheImage("inputs", in: "svc"),
                "cannot use svc/cache-image.yml as an input: the sparse checkout leaves it out",
                hint: "git -C .. sparse-checkout add /svc /svc/cache-image.yml")
            try await project.git("sparse-checkout", "set", "--no-cone", "/*", "!/cache-image.yml")
            refuses(
                try await project.cacheImage("inputs"), "cannot use cache-image.yml as an input: the sparse checkout",
                hint: "git sparse-checkout add /cache-image.yml")
        }
    }

    /// A folder of images that only the configuration names must not be forgotten by what deletes or writes.
    @Test func verbsOfLFSDoNoHarmWithoutAConfigurationThatIsLeftOut() async throws {
        try await Project.with { project in
            try project.write("cache-image.yml", "cache: images\n" + Project.configuration)
            try await project.cacheImage("update", "-q").check()
            try await project.commit("Entry")
            for form in [["--no-cone", "/*", "!/cache-image.yml"], ["--no-cone", "/src/"]] {
                try await project.sandbox.run("git", ["sparse-checkout", "set"] + form, in: project.folder).check()
                for verb in [["prune"], ["fetch", "--prune"], ["install", "--on-demand"]] {
                    refuses(
                        try await project.sandbox.run(
                            "cache-image", ["lfs"] + verb, in: project.folder, environment: project.storeVariables("a")),
                        "cannot use cache-image.yml as an input: the sparse checkout leaves it out",
                        hint: "git sparse-checkout add /cache-image.yml")
                }
                let check = try await project.cacheImage("lfs", "fsck").check()
                #expect(check.error.contains("docker-cache is taken for the folder of images"), "\(check)")
                // Git's filter asks nothing of it.
                try await project.git("checkout", "-q", "--", ".")
            }
            try await project.git("sparse-checkout", "add", "/cache-image.yml")
            try await project.cacheImage("lfs", "prune", "-d").check()
        }
    }

    @Test(arguments: [
        (".dockerignore", "a\n", "b\n"), ("Dockerfile", "FROM scratch AS test\n", "FROM scratch AS test\nUSER 1\n"),
        ("cache-image.yml", "images: {demo: {}}\n", "images: {demo: {salt: [a]}}\n"),
    ])
    func aFileInConflictNamesTheMerge(file: String, ours: String, theirs: String) async throws {
        try await Project.with { project in
            try await conflict(project, file, ours, theirs)
            refuses(
                try await project.cacheImage("inputs"), "cannot use \(file) as an input: a merge left it unresolved",
                hint: "resolve it, then git add -- \(file)")
        }
    }
}
