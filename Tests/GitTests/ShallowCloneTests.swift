import SystemPackage
import TestSupport
import Testing

@testable import Git

/// Walks in a shallow clone, whose oldest commits name parents that are not there.
@Suite(.enabled(if: Requirements.tools("git"))) struct ShallowCloneTests {
    @Test func walksEndWhereTheCloneEnds() async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.run("git", ["init", "-q", "repo"]).check()
            for number in 1...5 {
                try sandbox.write("repo/file", "\(number)\n")
                try await sandbox.git("add", "file")
                try await sandbox.git("commit", "-q", "-m", "Commit \(number)")
            }
            let source = "file://" + sandbox.path("repo").string
            try await sandbox.run("git", ["clone", "-q", "--depth", "2", source, "clone"]).check()
            let found = try Repository.discover(from: sandbox.path("clone"), environment: sandbox.environment)
            let repository = try #require(found)
            let head = try #require(try repository.head())
            let history = try repository.history(of: ["file"], from: [head])
            #expect(history.map(\.commit.subject) == ["Commit 5", "Commit 4"])
            #expect(history.last?.commit.parents == [])
            let parent = try #require(history.last?.commit.id)
            let walk = try RevisionWalk(repository, from: [head], hiding: [parent])
            #expect(try walk.next() == head)
            #expect(try walk.next() == nil)
        }
    }
}
