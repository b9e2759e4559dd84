import Glibc
import SystemCalls
import SystemPackage
import TestSupport
import Testing

@Suite(.enabled(if: geteuid() == 0)) struct FileOwnersTests {
    @Test func whatOthersWroteIsGivenAwayAndNothingElse() async throws {
        try await Sandbox.with { sandbox in
            for path in ["m/mine", "m/theirs", "m/sub/theirs", "m/twice", "out/kept"] { try sandbox.write(path, "x") }
            func own(_ path: String) { lchown(sandbox.path(path).string, 4321, 4321) }
            for path in ["m/theirs", "m/sub/theirs", "m/sub", "m/twice", "out/kept"] { own(path) }
            link(sandbox.path("m/twice").string, sandbox.path("out/other").string)
            symlink("../out", sandbox.path("m/link").string)
            own("m/link")
            func owner(_ path: String) throws -> UInt32? { try FileStatus.of(sandbox.path(path))?.owner }

            let late = FileStatus.Time(seconds: FileStatus.Time.now.seconds + 100, nanoseconds: 0)
            #expect(FileOwners(sandbox.path("m"), owner: 0, group: 0, since: late).foreign().paths == [])
            let all = FileOwners(sandbox.path("m"), owner: 0, group: 0, since: .init(seconds: 0, nanoseconds: 0))
            #expect(Set(all.foreign().paths) == ["theirs", "sub", "sub/theirs", "link"])
            #expect(all.giveAway().failures == 0)
            #expect(try ["m/theirs", "m/sub", "m/sub/theirs", "m/link"].map(owner) == [0, 0, 0, 0])
            // The other name of a file, and what a link leads to, may be anywhere.
            #expect(try ["m/twice", "out/kept"].map(owner) == [4321, 4321])
        }
    }
}
