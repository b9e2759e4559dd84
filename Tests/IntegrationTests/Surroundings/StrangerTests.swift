import Foundation
import SystemCalls
import SystemPackage
import TestSupport
import Testing

/// Files that a stranger committed or planted: no link is followed, nothing of another user is obeyed.
@Suite(.enabled(if: Requirements.tools("podman", "git", "timeout", "mkfifo")), .tags(.engine)) struct StrangerTests {
    static let secret = "TOPSECRET of the user\n"
    /// The project's own files, each of which a commit can turn into something else.
    static let files = [
        ".gitattributes", ".gitignore", ".lfsconfig", ".dockerignore", "Dockerfile", "cache-image.yml",
        "docker-cache/demo-latest.tar", "docker-cache/demo-latest.md5", "docker-cache/demo-latest.inputs.json",
        "docker-cache/bases.lock.json",
    ]

    /// A project with an image of one file, and a file of the user outside of it.
    static func with(_ body: (Project) async throws -> Void) async throws {
        try await Project.with(isRepository: false) { project in
            try project.write("Dockerfile", "FROM scratch\nCOPY src /src\n")
            try project.write("cache-image.yml", "engine: podman\nimages:\n  demo: {}\n")
            try project.sandbox.write("home/secret", secret)
            try await body(project)
        }
    }

    /// Runs one of the programs, for a few seconds at most.
    static func run(
        _ project: Project, _ words: String..., in folder: String = "", environment: [String: String?] = [:]
    ) async throws -> CommandResult {
        let program = Sandbox.products.appending("cache-image").string
        return try await project.sandbox.run(
            "timeout", ["30", program] + words, in: folder.isEmpty ? project.folder : folder,
            environment: try project.storeVariables("a").merging(environment) { $1 })
    }

    static func link(_ project: Project, _ path: String, to target: String) async throws {
        try? FileManager.default.removeItem(atPath: project.path(path).string)
        let folder = project.path(path).removingLastComponent().string
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try await project.sandbox.run("ln", ["-s", target, project.path(path).string]).check()
    }

    static func isSafe(_ project: Project) async throws -> Bool {
        let staged = try await project.sandbox.run(
            "git", ["grep", "-q", "--cached", "TOPSECRET"], in: project.folder)
        return try project.sandbox.text("home/secret") == secret && staged.status == 1
    }

    @Test func noFileOfTheProjectIsOpenedThroughALinkOrWaitedFor() async throws {
        try await Self.with { project in
            try await project.git("init", "-q")
            try project.write(".gitignore", "/x\n")
            try project.write(".dockerignore", "x\n")
            try project.write(".lfsconfig", "[lfs]\n\tfetchexclude = q\n")
            try await project.commit("Start")
            try await Self.run(project, "update").check()
            try await project.commit("Entry")
            for file in Self.files {
                for kind in ["link", "pipe", "folder"] {
                    let path = project.path(file).string
                    try? FileManager.default.removeItem(atPath: path)
                    try await project.git("reset", "-q", "--hard")
                    try? FileManager.default.removeItem(atPath: path)
                    switch kind {
                    case "link": try await Self.link(project, file, to: project.sandbox.path("home/secret").string)
                    case "pipe": try await project.sandbox.run("mkfifo", [path]).check()
                    default: try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
                    }
                    for words in [["status"], ["update"], ["lfs", "status"]] {
                        let result = try await Self.run(project, words[0], words.count > 1 ? words[1] : "-q")
                        #expect(result.status < 124, "\(words) with \(file) a \(kind): \(result.error)")
                        #expect(!(result.output + result.error).contains("TOPSECRET"), "\(words) with \(file)")
                    }
                    if kind == "link" { #expect(try await Self.isSafe(project), "\(file)") }
                    try? FileManager.default.removeItem(atPath: path)
                }
            }
        }
    }

    @Test func aLinkedAttributesFileIsNamedAndNotStaged() async throws {
        try await Self.with { project in
            try await project.git("init", "-q")
            try await Self.link(project, ".gitattributes", to: project.sandbox.path("home/secret").string)
            try await project.commit("Start")
            for words in [("update", "-q"), ("lfs", "track")] {
                let result =
                    words.0 == "lfs"
                    ? try await Self.run(project, "lfs", "track", "*.bin")
                    : try await Self.run(project, words.0, words.1)
                #expect(result.status != 0)
                #expect(result.error.contains(".gitattributes: it is a symbolic link"), "\(result.error)")
            }
            #expect(try await Self.isSafe(project))
        }
    }

    @Test func recipeFilesMayBeLinksInsideTheWorkTree() async throws {
        try await Self.with { project in
            try await project.git("init", "-q")
            for (name, text) in [
                ("Dockerfile", "FROM scratch\nCOPY src /src\n"), ("cache-image.yml", "images:\n  demo: {}\n"),
                (".dockerignore", "src/ignored\n"),
            ] {
                try project.write("common/\(name)", text)
                try await Self.link(project, name, to: "common/\(name)")
            }
            try project.write("src/ignored", "x")
            try await project.commit("Start")
            let inputs = try await Self.run(project, "inputs").check()
            #expect(inputs.output.contains("src/main.txt") && !inputs.output.contains("src/ignored"))
        }
    }

    @Test func aContextFolderLinkedOutOfTheWorkTreeIsRefused() async throws {
        try await Self.with { project in
            try project.write("cache-image.yml", "images:\n  demo: {context: there, dockerfile: Dockerfile}\n")
            try project.write("Dockerfile", "FROM scratch\nCOPY . /\n")
            try await project.git("init", "-q")
            for (target, status) in [("../home", 2), (project.sandbox.path("home").string, 2), ("src", 0)] {
                try await Self.link(project, "there", to: target)
                let result = try await Self.run(project, "inputs")
                #expect(result.status == status, "\(target): \(result.error)")
                #expect(!result.output.contains("secret"))
            }
        }
    }

    @Test func aCacheFolderOutsideOfTheWorkTreeIsRefused() async throws {
        try await Self.with { project in
            let precious = ".tmp-\(TemporaryName.unique(of: try await project.sandbox.deadProcess()))"
            try project.sandbox.write("outside/\(precious)", "data")
            try project.sandbox.write("archive.tar", "no archive")
            try await project.git("init", "-q")
            for target in ["../outside", "../missing", "docker-cache", project.sandbox.path("outside").string] {
                try await Self.link(project, "docker-cache", to: target)
                _ = try await Self.run(project, "load", "-q")
                for words in [["update", "-q"], ["build", "-q"], ["save", "-q"], ["import", "../archive.tar"]] {
                    let result = try await Self.run(project, words[0], words[1])
                    #expect(result.status == 2, "\(words) with \(target): \(result.error)")
                    #expect(result.error.contains("cannot write to docker-cache: it is a link"), "\(result.error)")
                }
            }
            #expect(try project.sandbox.text("outside/\(precious)") == "data")
            let names = try FileManager.default.contentsOfDirectory(atPath: project.sandbox.path("outside").string)
            #expect(names == [precious])
            #expect(!FileManager.default.fileExists(atPath: project.sandbox.path("missing").string))
        }
    }

    @Test func aCacheFolderLinkedInsideTheWorkTreeIsSavedAndNotStaged() async throws {
        try await Self.with { project in
            try project.write("images/keep", "")
            try await project.git("init", "-q")
            try await Self.link(project, "docker-cache", to: "images")
            try await project.commit("Start")
            for action in ["built", "current"] {
                let result = try await Self.run(project, "update")
                #expect(result.status == 9, "\(result.error)")
                #expect(Project.words(result)[0] == action)
                #expect(result.error.contains("docker-cache is a link to another folder"))
            }
            #expect(project.exists("images/demo-latest.tar"))
            #expect(try await project.git("diff", "--cached", "--name-only").output.isEmpty)
        }
    }

    @Test func outsideARepositoryTheStateIsTheUsers() async throws {
        try await Self.with { project in
            for name in [".lock", ".stat", ".notes.json", ".demo-latest.log"] {
                try await Self.link(
                    project, "docker-cache/" + name, to: project.sandbox.path("home/secret").string)
            }
            let words = ["--config", "cache-image.yml"]
            let built = try await Self.run(project, "update", words[0], words[1]).check()
            #expect(Project.words(built)[0] == "built")
            #expect(try project.sandbox.text("home/secret") == Self.secret)
            let cache = project.sandbox.path("home/.cache/cache-image").string
            let folders = try FileManager.default.contentsOfDirectory(atPath: cache)
            let folder = try #require(folders.first)
            let names = try FileManager.default.contentsOfDirectory(atPath: "\(cache)/\(folder)").sorted()
            #expect(folders.count == 1 && names == ["demo-latest.log", "journal", "lock", "notes.json", "stat"])
            // A folder in which others can write is not believed.
            try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: "\(cache)/\(folder)")
            let refused = try await Self.run(project, "build", words[0], words[1])
            #expect(refused.status == 1)
            #expect(refused.error.contains("others may write to"))
        }
    }

    @Test func inARepositoryOfAnUnknownFormatNoLinkIsFollowedEither() async throws {
        try await Self.with { project in
            try await project.git("init", "-q", "--object-format=sha256")
            for (name, text) in [("Dockerfile", "FROM scratch\nCOPY a /a\n"), ("a", "a")] {
                try project.write("sub/\(name)", text)
            }
            try project.write("sub/cache-image.yml", "engine: podman\nimages:\n  demo: {}\n")
            for name in [".lock", ".stat", ".demo-latest.log"] {
                try await Self.link(
                    project, "sub/docker-cache/" + name, to: project.sandbox.path("home/secret").string)
            }
            try await project.commit("Start")
            try await Self.run(project, "update", "-q", in: "\(project.folder)/sub").check()
            #expect(try project.sandbox.text("home/secret") == Self.secret)
            #expect(project.exists(".git/cache-image/lock") && project.exists(".git/cache-image/demo-latest.log"))
        }
    }

    @Test func aPseudoRepositoryInTheWorkTreeIsNotObeyed() async throws {
        try await Self.with { project in
            try await project.git("init", "-q")
            for (folder, head) in [("garbage", "garbage\n"), ("valid", "ref: refs/heads/main\n")] {
                for part in ["objects", "refs"] { try project.write("\(folder)/\(part)/keep", "") }
                try project.write("\(folder)/HEAD", head)
                try project.write("\(folder)/Dockerfile", "FROM scratch\nCOPY HEAD /\n")
                try project.write("\(folder)/cache-image.yml", "images:\n  demo: {}\n")
                let ran = project.sandbox.path("ran").string
                try project.write(
                    "\(folder)/config",
                    "[core]\n\tworktree = .\n\tsshCommand = \"touch \(ran); false\"\n[lfs]\n\turl = ssh://host/x\n")
                let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:"
                try project.write(
                    "\(folder)/docker-cache/demo-latest.tar",
                    pointer + String(repeating: "1", count: 64) + "\nsize 5\n")
                for words in [["load", "-q"], ["lfs", "fetch"], ["update", "-q"]] {
                    let result = try await Self.run(project, words[0], words[1], in: "\(project.folder)/\(folder)")
                    #expect(!FileManager.default.fileExists(atPath: ran), "\(folder): \(words)")
                    if folder == "valid" {
                        #expect(result.error.contains("it lies in the work tree"), "\(words): \(result.error)")
                    }
                }
            }
        }
    }

    @Test(.enabled(if: geteuid() == 0)) func theConfigurationOfAnotherUserIsRefused() async throws {
        try await Self.with { project in
            let sandbox = project.sandbox
            let ran = sandbox.path("ran").string
            let configuration = """
                images:
                  demo: {}
                tests:
                  image: demo
                  levels:
                    unit: {on: host, command: [touch, \(ran)]}

                """
            try sandbox.write("shared/.git/HEAD", "x\n")
            try sandbox.write("shared/cache-image.yml", configuration)
            try sandbox.write("shared/victim/a", "")
            try sandbox.write("own/cache-image.yml", configuration)
            try sandbox.write("own/Dockerfile", "FROM scratch\nCOPY cache-image.yml /\n")
            try await sandbox.run("chown", ["-R", "65534", "shared"]).check()
            let tests = try await sandbox.run("run-tests", ["unit"], in: "shared/victim")
            #expect(tests.status == 125)
            // Named by hand, or in a repository of one's own: it still says which programs run.
            try await sandbox.run("git", ["init", "-q"], in: "own").check()
            try await sandbox.run("chown", ["65534", "own/cache-image.yml"]).check()
            for (folder, words) in [("own", []), ("shared", ["--config", "cache-image.yml"])] {
                let status = try await sandbox.run("cache-image", ["status"] + words, in: folder)
                #expect(status.status == 2, "\(status.error)")
                #expect(status.error.contains("it belongs to user 65534"), "\(status.error)")
                #expect(try await sandbox.run("run-tests", ["unit"] + words, in: folder).status == 125)
            }
            #expect(!FileManager.default.fileExists(atPath: ran))
            // The owner of a work tree that Git accepts.
            try await sandbox.run("chown", ["-R", "65534", "own"]).check()
            let refused = try await sandbox.run("cache-image", ["status"], in: "own")
            #expect(refused.status == 2)
            #expect(refused.error.contains("safe.directory"))
            try await sandbox.run("git", ["config", "--global", "safe.directory", "*"]).check()
            try await sandbox.run("cache-image", ["status"], in: "own").check()
        }
    }
}
