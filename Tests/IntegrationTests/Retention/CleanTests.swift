import Foundation
import JSON
import SystemCalls
import TestSupport
import Testing

/// `clean` on repositories with a remote on this machine, whose objects only `clean` can tell of.
@Suite(.enabled(if: Requirements.tools("git")))
struct CleanTests {
    @Test func whatIsBeyondTheLimitsAndOnTheRemoteGoes() async throws {
        try await VersionedProject.with { project in
            let lines = try await project.clean()
            #expect(lines.count == 2 && lines.allSatisfy { $0.hasSuffix("it has 1 newer versions") }, "\(lines)")
            #expect(try project.held() == ["three"])
            // All of it can be had again.
            try await project.git("checkout", "-q", "HEAD~2")
            #expect(try project.sandbox.text("w/docker-cache/a-latest.tar") == "one")
        }
    }

    @Test func theLimitsOfTheConfigurationCount() async throws {
        for (limits, held) in [
            ("max_count: 2", ["two", "three"]), ("max_size_gb: 0", ["three"]), ("retention_days: 0", ["three"]),
            ("enabled: false", ["three"]), ("keep_commits: 2, max_count: 0", ["two", "three"]),
            ("max_count: 5", ["one", "two", "three"]),
        ] as [(String, Set<String>)] {
            try await VersionedProject.with(limits: limits) { project in
                _ = try await project.clean()
                #expect(try project.held() == held, "\(limits)")
            }
        }
    }

    /// Stashes, the index, worktrees, branches, tags and commits that are not pushed keep what they need.
    @Test func whatGitNeedsStays() async throws {
        let versions = ["branch", "tag", "detached", "old", "pushed"]
        try await VersionedProject.with(limits: "max_count: 0", versions: versions) { project in
            try await project.git("branch", "other", "HEAD~4")
            try await project.git("tag", "v1", "HEAD~3")
            try await project.git("worktree", "add", "-q", "--detach", "../b", "HEAD~2")
            try await project.commit("not pushed")
            try await project.commit("not pushed, too")
            try project.write("stashed")
            try await project.git("stash", "-q")
            try project.write("staged")
            try await project.git("add", "-A")
            let plan = try await project.cacheImage("clean", "--dry-run", "-v").check()
            for need in [
                "branch other", "tag v1", "a checkout", "a commit that is not pushed", "a stash", "the index",
            ] {
                #expect(plan.error.contains("needed by \(need)\n"), "\(plan)")
            }
            // What the first commit that is not pushed was made on stays, too.
            #expect(try await project.clean().count == 1)
            #expect(
                try project.held() == [
                    "branch", "tag", "detached", "pushed", "not pushed", "not pushed, too", "stashed", "staged",
                ])
        }
    }

    /// A commit that is not pushed needs all that it holds, also what another commit brought.
    @Test func anOlderVersionInACommitThatIsNotPushedStays() async throws {
        try await VersionedProject.with(versions: ["one", "two"]) { project in
            try await project.git("checkout", "-q", "HEAD~1", "--", "docker-cache")
            try await project.git("commit", "-qm", "back to one")
            try await project.commit("three")
            _ = try await project.clean()
            #expect(try project.held() == ["one", "two", "three"])
        }
    }

    @Test func whatNoRemoteHasStays() async throws {
        try await VersionedProject.with { project in
            // The objects are gone from the server; nobody has noted that they were there.
            try await project.sandbox.run("rm", ["-r", "srv.git/lfs", "w/.git/cache-image/transfers"]).check()
            let dry = try await project.cacheImage("clean", "--dry-run", "-v").check()
            #expect(dry.error.contains("no remote is known to have it"), "\(dry)")
            #expect(try await project.clean() == [])
            #expect(try project.held() == ["one", "two", "three"])
            // Nor does it help that the server has them, where no branch there leads to them.
            try await project.cacheImage("lfs", "push", "--all", "origin").check()
            try await project.git("update-ref", "-d", "refs/remotes/origin/main")
            #expect(try await project.clean() == [])
            #expect(try project.held() == ["one", "two", "three"])
        }
    }

    /// What was brought to a server is known to be there; another address is another server.
    @Test func aNoteStandsForTheServer() async throws {
        try await VersionedProject.with { project in
            try await project.git("remote", "set-url", "origin", "http://127.0.0.1:9/x.git")
            let moved = try await project.cacheImage("clean", "--dry-run").check(8)
            #expect(moved.output == "" && moved.error.contains("127.0.0.1:9"), "\(moved)")
            let offline = try await project.cacheImage("clean", "--offline", "--dry-run", "-v").check()
            #expect(offline.output == "" && offline.error.contains("the server was not asked"), "\(offline)")
            try await project.git("remote", "set-url", "origin", "../srv.git")
            #expect(try await project.clean("--offline").count == 2)
        }
    }

    /// Other LFS files of the repository are nobody's images.
    @Test func onlyTheCacheFolderCounts() async throws {
        try await VersionedProject.with { project in
            for text in ["x", "y"] {
                try project.sandbox.write("w/other.tar", text)
                try await project.git("add", "-A")
                try await project.git("commit", "-qm", text)
            }
            try await project.git("push", "-q", "origin", "main")
            _ = try await project.clean()
            #expect(try project.held() == ["three", "x", "y"])
        }
    }

    @Test func aStoreThatOthersMayShareIsLeftAlone() async throws {
        try await Sandbox.with { sandbox in
            let project = try await VersionedProject(sandbox)
            try await project.git("config", "lfs.storage", sandbox.path("shared").string)
            for text in ["one", "two"] { try await project.commit(text) }
            try await project.git("push", "-q", "origin", "main")
            #expect(try await project.clean() == [])
        }
    }

    @Test func whatKilledCommandsLeftGoes() async throws {
        try await VersionedProject.with(versions: ["one"]) { project in
            let sandbox = project.sandbox
            let gone = try await sandbox.deadProcess()
            let folder = ".git/cache-image/.tmp-\(TemporaryName.unique(of: gone))"
            let ours = ["docker-cache/.tmp-\(TemporaryName.unique(of: gone))", "\(folder)/file"]
            // A pid of another namespace proves nothing: there it is the lock, and the time.
            func foreign(_ digit: String) -> String {
                "docker-cache/.tmp-\(gone)-othernamespac-\(String(repeating: digit, count: 13))"
            }
            let (left, held, fresh) = (foreign("1"), foreign("h"), foreign("f"))
            for path in ours + [left, held, fresh] { try sandbox.write("w/\(path)", "") }
            for path in [left, held] {
                try await sandbox.run("touch", ["-d", "1 hour ago", "w/\(path)"]).check()
            }
            try await sandbox.run(
                "flock", ["w/\(held)", "sh", "-c", "cd w && \(Sandbox.products)/cache-image clean"]
            ).check()
            #expect(!exists(sandbox, ours[0]) && !exists(sandbox, folder))
            #expect(!exists(sandbox, left) && exists(sandbox, held) && exists(sandbox, fresh))
            let lines = try await project.clean()
            #expect(lines == ["removed file \(sandbox.path("w/\(held)")): its command has ended"])
        }
    }

    private func exists(_ sandbox: Sandbox, _ path: String) -> Bool {
        FileManager.default.fileExists(atPath: sandbox.path("w/\(path)").string)
    }

    @Test func theLimitsAreToldAsMonitoringWantsIt() async throws {
        let gigabyte = 0.000000012
        for (limits, status, word) in [
            ("max_count: 9", 0, "OK"), ("warn_size_gb: \(gigabyte)", 0, "OK"),
            ("warn_size_gb: 0.000000011", 1, "WARNING"),
            ("warn_size_gb: 0.000000001, critical_size_gb: 0.000000011", 2, "CRITICAL"),
        ] as [(String, Int32, String)] {
            try await VersionedProject.with(limits: limits) { project in
                let told = try await project.cacheImage("clean", "--limits").check(status)
                #expect(told.lines[0].hasPrefix("\(word) 3 versions, 11 B of 10 GB|size=11B;"), "\(told)")
                #expect(told.lines[1] == "docker-cache/a-latest.tar: 3 versions, 11 B")
                let json = try JSONValue(
                    parsing: try await project.cacheImage("clean", "--limits", "--json").outputBytes)
                #expect(json["state"]?.string == word && json["size"]?.integer == 11)
            }
        }
    }

    @Test func limitsThatCannotBeToldAreUnknown() async throws {
        try await VersionedProject.with(limits: "max_count: many") { project in
            let told = try await project.cacheImage("clean", "--limits").check(3)
            #expect(told.output.hasPrefix("UNKNOWN cannot read "), "\(told)")
        }
        try await Sandbox.with { sandbox in
            try sandbox.write("plain/file", "")
            let told = try await sandbox.run("cache-image", ["clean", "--limits"], in: "plain").check(3)
            #expect(told.output.hasPrefix("UNKNOWN cannot tell the versions in "), "\(told)")
        }
    }

    /// Nothing is removed there, but what it takes is told.
    @Test func theSizeOfASharedStoreIsTold() async throws {
        try await Sandbox.with { sandbox in
            let project = try await VersionedProject(sandbox)
            try await project.git("config", "lfs.storage", sandbox.path("shared").string)
            try await project.commit("one")
            let told = try await project.cacheImage("clean", "--limits").check()
            #expect(told.output.hasPrefix("OK 1 version, 3 B of 10 GB|size=3B;"), "\(told)")
        }
    }
}
