import Git
import LFS
import SystemCalls
import SystemPackage
import TestSupport
import Testing

@Suite struct CacheAttributesTests {
    private static let three = """
        docker-cache/*.tar filter=lfs diff=lfs merge=binary -text
        docker-cache/*.md5 -text
        docker-cache/*.json -text

        """

    @Test func missingLinesAreAddedOnce() async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.git("init", "-q", "repo", in: "")
            let repository = try sandbox.openRepository()
            #expect(try CacheAttributes.ensure(in: repository, cache: "docker-cache"))
            #expect(try sandbox.text("repo/.gitattributes") == Self.three)
            #expect(try !CacheAttributes.ensure(in: repository, cache: "docker-cache"))
        }
    }

    @Test func theRestOfTheFileAndItsLineEndsStay() async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.git("init", "-q", "repo", in: "")
            let mine = "# mine\r\n*.txt text\r\ndocker-cache/*.md5 -text\r\nlast"
            try sandbox.write("repo/.gitattributes", mine)
            try CacheAttributes.ensure(in: sandbox.openRepository(), cache: "docker-cache")
            let expected =
                mine + "\r\ndocker-cache/*.tar filter=lfs diff=lfs merge=binary -text\r\ndocker-cache/*.json -text\r\n"
            #expect(try sandbox.read("repo/.gitattributes") == Array(expected.utf8))
        }
    }

    @Test func stagedArchivesAreCleanAndHeldByTheStore() async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.git("init", "-q", "repo", in: "")
            let repository = try sandbox.openRepository()
            try CacheAttributes.ensure(in: repository, cache: "docker-cache")
            try sandbox.write("repo/docker-cache/a.tar", "image")
            try sandbox.write("repo/docker-cache/a.md5", "sum\n")
            let pointer = try Pointer.of(sandbox.path("repo/docker-cache/a.tar"))
            try await repository.stage(
                archives: ["docker-cache/a.tar": pointer], files: ["docker-cache/a.md5", ".gitattributes"])
            let blob = try await sandbox.git("cat-file", "blob", ":docker-cache/a.tar").outputBytes
            #expect(blob == pointer.encoded)
            let status = try await sandbox.git("status", "--porcelain").lines
            #expect(status == ["A  .gitattributes", "A  docker-cache/a.md5", "A  docker-cache/a.tar"])
        }
    }

    @Test func anArchiveThatNoAttributeCoversIsRefused() async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.makeLFSRepository()
            try sandbox.write("repo/a.bin", "image")
            let pointer = try Pointer.of(sandbox.path("repo/a.bin"))
            let repository = try sandbox.openRepository()
            await #expect(throws: GitError.self) { try await repository.stage(archives: ["a.bin": pointer], files: []) }
        }
    }

    @Test func anIgnoredArchiveIsForThisCloneOnly() async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.makeLFSRepository()
            try sandbox.write("repo/.gitignore", "docker-cache/\n")
            let repository = try sandbox.openRepository()
            #expect(try repository.isLocalOnly("docker-cache/a.tar"))
            #expect(try !repository.isLocalOnly("other/a.tar"))
        }
    }
}
