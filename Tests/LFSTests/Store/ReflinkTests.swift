import Foundation
import SystemPackage
import TestSupport
import Testing

/// On a file system that shares blocks, content in the work tree costs nothing (scenario 18).
@Suite(.enabled(if: Requirements.tools("git", "mkfs.xfs", "unshare", "sh") && getuid() == 0))
struct ReflinkTests {
    /// Runs in a mount namespace of its own, whose mounts end with it.
    private static let script = #"""
        set -eu
        mount -o loop fs.img mnt
        git init -q mnt/r
        cd mnt/r
        "$PROGRAM" lfs install >/dev/null
        printf '*.tar filter=lfs -text\n' >.gitattributes
        head -c 67108864 /dev/urandom >a.tar
        git add .
        git commit -qm image
        rm a.tar
        sync
        before=$(df --output=used -k . | tail -1)
        "$PROGRAM" lfs checkout >/dev/null
        sync
        after=$(df --output=used -k . | tail -1)
        echo "grown $((after - before))"
        git status --porcelain
        printf X | dd of=a.tar conv=notrunc status=none
        "$PROGRAM" lfs fsck --objects
        stat -c %h .git/lfs/objects/*/*/*
        """#

    @Test func contentSharesItsBlocksWithTheObjectButNotItsBytes() async throws {
        try await Sandbox.with { sandbox in
            try sandbox.write("mnt/.keep", "")
            try await sandbox.run("truncate", ["-s", "600M", "fs.img"]).check()
            try await sandbox.run("mkfs.xfs", ["-q", "-m", "reflink=1", "fs.img"]).check()
            let program = Sandbox.products.appending("cache-image").string
            let result = try await sandbox.run(
                "unshare", ["-m", "sh", "-c", Self.script], environment: ["PROGRAM": program]
            ).check()
            let lines = result.output.split(separator: "\n")
            let grown = try #require(lines.first?.split(separator: " ").last.flatMap { Int($0) })
            #expect(grown < 4096)
            #expect(lines.dropFirst() == ["Git LFS fsck OK", "1"])
        }
    }
}
