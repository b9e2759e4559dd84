import Foundation
import JSON
import SystemPackage
import TestSupport
import Testing

/// Clones whose objects are here, or are not, without a network (scenarios 24 and 48).
@Suite(.enabled(if: Requirements.tools("podman", "git", "git-lfs", "strace", "unshare")), .tags(.engine))
struct OfflineTests {
    /// A project whose entry is pushed to `hub.git`.
    private func withHub(_ body: (Project) async throws -> Void) async throws {
        try await Project.with { (project) async throws in
            try await project.sandbox.run("git", ["init", "-q", "--bare", "hub.git"]).check()
            try await project.git("remote", "add", "origin", project.sandbox.path("hub.git").string)
            try await project.git("lfs", "install")
            try await project.cacheImage("update").check()
            try await project.commit("Entry")
            try await body(project)
        }
    }

    /// The lines of a trace about sockets of IP, but for those of programs that are not this one.
    ///
    /// The engine's programs may look at the network's interfaces; this program may not.
    private func sockets(_ sandbox: Sandbox, _ trace: String) throws -> [Substring] {
        let lines = try sandbox.text(trace).split(separator: "\n")
        func process(_ line: Substring) -> Substring { line.prefix { $0 != " " } }
        let foreign = Set(
            lines.filter { $0.contains("execve(") && !$0.contains("/cache-image\"") && !$0.contains("/run-tests\"") }
                .map(process))
        return lines.filter { $0.contains("AF_INET") && !foreign.contains(process($0)) }
    }

    @Test(.enabled(if: Requirements.hasGiftless)) func aCloneOfAServersObjectsRunsItsTestsWithoutANetwork() async throws
    {
        let interpreter = try #require(Requirements.giftless, "ci/lfs-servers installs giftless")
        try await withHub { project in
            let sandbox = project.sandbox
            try sandbox.write("objects/.keep", "")
            let log = try await ScriptServer.with(
                "giftless-server.py", ["local", sandbox.path("objects").string], in: sandbox, interpreter: interpreter
            ) { server in
                try project.write(".lfsconfig", "[lfs]\n\turl = \(server.url)/team/demo.git/info/lfs\n")
                try await project.commit("Server")
                try await project.cacheImage("update").check()
                try await project.commit("Entry")
                try await project.git("push", "-q", "origin", "main")
                try await sandbox.run("git", ["clone", "-q", "file://\(sandbox.root)/hub.git", "clone"]).check()
                return try server.requests()
            }
            #expect(log.contains { $0["method"]?.string == "GET" })
            let clone = Project(sandbox, folder: "clone")
            let run = try await sandbox.run(
                "unshare",
                ["-n", "strace", "-f", "-o", sandbox.path("trace").string, "-e", "trace=connect,execve"]
                    + [Sandbox.products.appending("run-tests").string, "unit"],
                in: "clone", environment: try clone.storeVariables("second"))
            #expect(try run.check().output == "hello\none\n")
            #expect(try sockets(sandbox, "trace").isEmpty)
        }
    }

    @Test(arguments: [["load"], ["lfs", "checkout"], ["lfs", "pull"], ["lfs", "fetch"], ["verify"]])
    func aLocalObjectOpensNoSocket(_ words: [String]) async throws {
        try await withHub { project in
            let sandbox = project.sandbox
            // A server that would be asked if anything were missing, at an address that nobody has.
            try await project.git("config", "lfs.url", "http://192.0.2.1/team/demo.git/info/lfs")
            try await project.git("lfs", "pointer", "--file", "docker-cache/demo-latest.tar")
            let pointer = try await project.git("cat-file", "blob", "HEAD:docker-cache/demo-latest.tar")
            try project.write("docker-cache/demo-latest.tar", pointer.output)
            let run = try await sandbox.run(
                "strace",
                ["-f", "-o", sandbox.path("trace").string, "-e", "trace=socket,execve"]
                    + [Sandbox.products.appending("cache-image").string] + words,
                in: project.folder, environment: try project.storeVariables("second"))
            try run.check()
            #expect(try sandbox.text("trace").contains("execve("))
            #expect(try sockets(sandbox, "trace").isEmpty)
        }
    }

    /// Without the object, the same trace shows the attempt.
    @Test func aMissingObjectOpensOne() async throws {
        try await withHub { project in
            let sandbox = project.sandbox
            try await project.git("config", "lfs.url", "http://127.0.0.1:1/team/demo.git/info/lfs")
            try FileManager.default.removeItem(atPath: project.path(".git/lfs/objects").string)
            let run = try await sandbox.run(
                "strace",
                ["-f", "-o", sandbox.path("trace").string, "-e", "trace=socket,execve"]
                    + [Sandbox.products.appending("cache-image").string, "lfs", "fetch"],
                in: project.folder)
            #expect(run.status == 2)
            #expect(try !sockets(sandbox, "trace").isEmpty)
        }
    }

    @Test func clonesOfPointersAreLoadedOnDemand() async throws {
        try await withHub { project in
            let sandbox = project.sandbox
            try await project.cacheImage("lfs", "install", "--on-demand").check()
            try await project.cacheImage("update").check()
            try await project.commit("On demand")
            try await project.git("push", "-q", "origin", "main")
            // git-lfs, told to leave content alone.
            try await sandbox.run(
                "git", ["clone", "-q", "hub.git", "skip"], environment: ["GIT_LFS_SKIP_SMUDGE": "1"]
            ).check()
            // Git alone, without any filter.
            let path = try TeamTests.pathWithoutLFS(sandbox)
            try await sandbox.run(
                "git", ["clone", "-q", "hub.git", "plain"],
                environment: ["PATH": path, "GIT_CONFIG_GLOBAL": sandbox.path("home/none").string]
            ).check()
            for (number, folder) in ["skip", "plain"].enumerated() {
                let clone = Project(sandbox, folder: folder)
                let file = try sandbox.text("\(folder)/docker-cache/demo-latest.tar")
                #expect(file.hasPrefix("version https://git-lfs"))
                let load = try await clone.cacheImage("load", store: "store\(number)", environment: ["PATH": path])
                #expect(try load.check().output.hasPrefix("loaded demo:latest"))
            }
            // The object is gone: a clone of git-lfs does not mind, since images are excluded.
            try FileManager.default.removeItem(atPath: sandbox.path("hub.git/lfs").string)
            try await sandbox.run("git", ["clone", "-q", "file://\(sandbox.root)/hub.git", "without"]).check()
            let load = try await Project(sandbox, folder: "without").cacheImage("load", store: "third")
            #expect(load.status == 5)
        }
    }
}
