import SystemPackage
import TestSupport
import Testing

/// An entry that the real git-lfs staged (scenario 4).
@Suite(.enabled(if: Requirements.tools("podman", "git", "git-lfs")), .tags(.engine)) struct StagedByGitLFSTests {
    @Test func thisProgramAgreesWithIt() async throws {
        try await Project.with { (project) async throws in
            try await project.git("lfs", "install")
            try await project.git("lfs", "track", "docker-cache/*.tar")
            try await project.commit("Track")
            try await project.cacheImage("update", "--no-stage").check()
            try await project.git("add", "docker-cache")
            try await project.git("commit", "-q", "-m", "Entry")
            try await project.cacheImage("verify").check()
            let theirs = try await project.git("lfs", "ls-files", "-l", "-s").output
            let ours = try await project.cacheImage("lfs", "ls-files", "-l", "-s").check().output
            #expect(ours == theirs)
            let list = try await project.cacheImage("list", "--json").check().output
            #expect(list.contains(theirs.prefix(64)))
        }
    }
}
