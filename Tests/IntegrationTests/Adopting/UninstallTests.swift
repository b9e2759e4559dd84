import Foundation
import JSON
import TestSupport
import Testing

/// What this program set in a repository goes again, and no archive is lost.
@Suite(.enabled(if: Requirements.tools("podman", "git")), .tags(.engine)) struct UninstallTests {
    private func with(_ body: (Project) async throws -> Void) async throws {
        try await Project.withoutConfiguration { project in
            try await project.cacheImage("init", "--yes").check()
            try await project.cacheImage("update").check()
            try await project.git("commit", "-q", "-m", "Adopt")
            try await body(project)
        }
    }

    private func setting(_ project: Project) async throws -> String {
        try await project.sandbox.run("git", ["config", "--get", "filter.lfs.clean"], in: project.folder).output
    }

    @Test func settingsGoAndLinesStayWhileGitHoldsArchives() async throws {
        try await with { project in
            let refused = try await project.cacheImage("uninstall").check(2)
            #expect(
                refused.output.hasPrefix("unset filter.lfs")
                    && refused.error.contains("hint: cache-image uninstall --yes"))
            #expect(try await project.cacheImage("uninstall", "--dry-run").check().output == refused.output)
            #expect(try await setting(project).hasSuffix(" lfs clean -- %f\n"))

            let done = try await project.cacheImage("uninstall", "--yes").check()
            #expect(done.output.contains("note: Git holds 2 archives in LFS, so .gitattributes stays"))
            #expect(
                done.output.contains(
                    "git rm -r --ignore-unmatch cache-image.yml bin/cache-image bin/run-tests docker-cache"))
            #expect(try await setting(project) == "" && !project.exists(".git/hooks/pre-push"))
            #expect(!(try project.sandbox.text("project/.git/info/exclude")).contains("docker-cache"))
            #expect(try await project.gitStatus() == "")
            #expect(try await project.cacheImage("uninstall", "--yes").check().output.hasPrefix("unchanged"))
        }
    }

    @Test func archivesBecomePlainFilesAlsoInAClone() async throws {
        try await with { project in
            let archive = try project.sandbox.read("project/docker-cache/app-latest.tar")
            let bob = try await project.clone(as: "bob")
            let done = try await bob.cacheImage("uninstall", "--tars", "--yes", store: "b").check()
            #expect(done.output.contains("plain file docker-cache/app-latest.tar"))
            #expect(
                done.error.contains("docker-cache/app-latest.tar is a plain file now, and no longer in Git's index"))
            #expect(try bob.sandbox.read("bob/docker-cache/app-latest.tar") == archive)
            #expect(!bob.exists(".gitattributes"))
            #expect(try await bob.git("ls-files", "docker-cache").output.contains(".tar") == false)
            try await bob.podman("load", "-q", "-i", "docker-cache/app-latest.tar", store: "b").check()
            #expect(try await bob.cacheImage("uninstall", "--tars", "--yes").check().output.hasPrefix("unchanged"))
        }
    }

    @Test func otherLinesKeepAnArchiveInLFS() async throws {
        try await with { project in
            let lines = try project.sandbox.text("project/.gitattributes")
            try project.write(".gitattributes", "docker-cache/*.tar filter=lfs diff=lfs merge=lfs -text\n" + lines)
            try await project.commit("Another line")
            let done = try await project.cacheImage("uninstall", "--tars", "--yes").check()
            #expect(
                done.error.contains(
                    "docker-cache/app-latest.steps.tar stays in LFS: another line of .gitattributes says so"))
            #expect(
                try project.sandbox.text("project/.gitattributes")
                    == "docker-cache/*.tar filter=lfs diff=lfs merge=lfs -text\n")
            #expect(try await project.gitStatus() == "M  .gitattributes\n")
        }
    }

    @Test func nothingIsChangedWhereAnArchiveCannotBeHad() async throws {
        try await with { project in
            let bob = try await project.clone(as: "bob")
            try await bob.git("remote", "set-url", "origin", "http://127.0.0.1:9/x.git")
            let refused = try await bob.cacheImage("uninstall", "--tars", "--yes", "--offline").check(5)
            #expect(refused.error.contains("docker-cache/app-latest"))
            #expect(try await bob.gitStatus() == "")
            #expect(try bob.sandbox.text("bob/.gitattributes").contains("docker-cache"))
        }
    }
}
