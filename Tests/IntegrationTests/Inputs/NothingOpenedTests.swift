import Foundation
import TestSupport
import Testing

/// What a command opens, as the kernel sees it (strace): the promise of rules 47 to 51.
@Suite(.enabled(if: Requirements.tools("git", "strace"))) struct NothingOpenedTests {
    /// The files of the project that `cache-image` opens, and how often.
    private func openings(_ project: Project, _ arguments: [String]) async throws -> [String: Int] {
        let log = project.sandbox.path("opened").string
        let program = Sandbox.products.appending("cache-image").string
        try await project.sandbox.run(
            "strace", ["-f", "-qq", "-e", "trace=open,openat,openat2", "-o", log, program] + arguments,
            in: project.folder, environment: try project.storeVariables("a")
        ).check()
        let paths = try project.sandbox.text("opened").split(separator: "\n").compactMap { line -> String? in
            let parts = line.split(separator: "\"", omittingEmptySubsequences: false)
            guard parts.count > 2, !line.contains("O_DIRECTORY"), !line.contains("= -1") else { return nil }
            return String(parts[1])
        }
        let root = project.path("").string
        return paths.reduce(into: [:]) { counts, path in
            counts[path.hasPrefix(root) ? String(path.dropFirst(root.count).drop { $0 == "/" }) : path, default: 0] += 1
        }
    }

    /// The names of the files that `cache-image` opens.
    private func opened(_ project: Project, _ arguments: String...) async throws -> Set<String> {
        let paths = try await openings(project, arguments).keys
        return Set(paths.map { $0.split(separator: "/").last.map(String.init) ?? $0 })
    }

    private let files: Set = ["requirements.txt", "main.txt", "busybox", "secret.txt"]

    /// Makes the index younger than all files, as it is some time after a commit.
    private func settle(_ project: Project) throws {
        try FileManager.default.setAttributes(
            [.modificationDate: Date().addingTimeInterval(60)], ofItemAtPath: project.path(".git/index").string)
    }

    @Test func aNoOpStatusOpensNoFileOfTheContext() async throws {
        try await Project.with { project in
            try project.write(".dockerignore", "secret.txt\n")
            try project.write("secret.txt", "ignored\n")
            try await project.commit("Ignore a file")
            try settle(project)
            // What has no known digest yet is read once; what is ignored, never.
            let first = try await opened(project, "status")
            #expect(first.intersection(files) == ["requirements.txt", "main.txt", "busybox"])
            let second = try await opened(project, "status")
            #expect(second.isSuperset(of: ["Dockerfile", ".dockerignore"]))
            #expect(second.intersection(files) == [])
        }
    }

    @Test(.enabled(if: Requirements.tools("podman")), .tags(.engine))
    func aFreshCloneComputesItsFirstKeyWithoutOpeningOne() async throws {
        try await Project.with { project in
            let key = Project.words(try await project.cacheImage("update").check())[2]
            try await project.commit("Cache the image")
            try await project.sandbox.run("git", ["clone", "-q", "project", "copy"]).check()
            let copy = Project(project.sandbox, folder: "copy")
            try settle(copy)
            let opened = try await opened(copy, "status")
            #expect(opened.contains("demo-latest.inputs.json"))
            #expect(opened.intersection(files) == [])
            let words = Project.words(try await copy.cacheImage("status").check())
            #expect(words == ["pointer", "demo:latest", key])
        }
    }

    @Test(.enabled(if: Requirements.tools("podman")), .tags(.engine))
    func aCommandReadsWhatTheRepositorySaysOnce() async throws {
        try await Project.with { project in
            try project.write(".gitignore", "*.log\n")
            try await project.cacheImage("update").check()
            let lock = Array(
                """
                {"algo": "cache-image-bases/1", "bases": {}}

                """.utf8)
            if !project.exists("docker-cache/bases.lock.json") {
                try project.sandbox.write("project/docker-cache/bases.lock.json", bytes: lock, permissions: 0o644)
            }
            try await project.commit("Cache the image")
            try await project.cacheImage("update").check()
            for command in ["update", "status"] {
                let counts = try await openings(project, [command])
                let once = [
                    ".git/config", ".git/index", ".git/info/exclude", ".gitattributes", ".gitignore",
                    "docker-cache/bases.lock.json", "docker-cache/demo-latest.inputs.json",
                    "docker-cache/demo-latest.md5", "Dockerfile",
                ]
                for path in once { #expect(counts[path] ?? 0 <= 1, "\(command) \(path): \(counts[path] ?? 0)") }
                for path in [".git/HEAD", ".git/config", ".git/index"] {
                    #expect(counts[path] == 1, "\(command) \(path)")
                }
                #expect(counts["docker-cache/demo-latest.inputs.json"] == 1)
                let walks = try project.sandbox.text("opened").split(separator: "\n").filter { line in
                    line.contains("\"src\"") && line.contains("O_DIRECTORY")
                }
                #expect(walks.count == 1, "\(command) walks the context once")
            }
        }
    }

    @Test(.enabled(if: Requirements.tools("podman")), .tags(.engine))
    func aMissReadsEachFileOnceAndAgainOnlyWhatItWrote() async throws {
        try await Project.with { project in
            try project.write(".gitignore", "*.log\n")
            try await project.cacheImage("update").check()
            try await project.commit("Cache the image")
            try project.write("requirements.txt", "two\n")
            let counts = try await openings(project, ["update"])
            let expected = [
                // Once more for the limits, which look at the branches after the image was stored.
                ".git/HEAD": 2, ".git/info/exclude": 1, ".gitattributes": 1, ".gitignore": 1, "Dockerfile": 1,
                "cache-image.yml": 1,
                // Read for the comparison, written, read once more to be staged, and compared with what was staged.
                "docker-cache/demo-latest.inputs.json": 3, "docker-cache/demo-latest.md5": 3,
                // libgit2 reads the configuration when it opens the repository. The index is read, copied to the
                // draft that libgit2 works on, and what it wrote is read once to be checked.
                ".git/config": 2, ".git/index": 3,
            ]
            for (path, count) in expected { #expect(counts[path] == count, "\(path): \(counts[path] ?? 0)") }
        }
    }
}
