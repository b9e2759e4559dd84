import Foundation
import Hashing
import OSTemplate
import SystemCalls
import SystemPackage
import TestSupport
import Testing

@testable import OSTree

private let isRoot = geteuid() == 0 && Requirements.tools("unshare", "tar", "gzip")

/// What is used of earlier builds, and that it gives the same bytes.
@Suite("Trees: from scratch, from the base, from the nearest", .enabled(if: isRoot, "root is needed"))
struct TreeBuilderTests {
    private let provider = "debian-bookworm-amd64"

    @Test func threeWaysGiveTheSameBytes() async throws {
        try await Sandbox.with { sandbox in
            let scratch = try await sandbox.tree(["a"], ["b", "c"], usesEarlierTrees: false, in: "other")
            #expect(scratch.chroot == .made(reason: "the caches of trees are switched off"))
            let first = try await sandbox.tree(["a"], ["b"])
            #expect(first.origin == .base)
            #expect(first.chroot == .made(reason: "there is no snapshot of the base tree yet"))
            let more = try await sandbox.tree(["a"], ["b", "c"])
            #expect(more.origin == .nearest(added: ["c"]))
            #expect(more.chroot == .unused)
            let same = try await sandbox.tree(["a"], ["b", "c"])
            #expect(same.origin == .same)
            let fewer = try await sandbox.tree(["a"], ["c"])
            #expect((fewer.origin, fewer.chroot) == (.base, .hit))
            #expect(scratch.sha256 == more.sha256)
            #expect(more.sha256 == same.sha256)
            #expect(try SHA256Digest.ofFile(same.tar).digest == same.sha256)
            #expect(try Files.names(in: sandbox.path("work/\(provider)/chrootenv/usr/share")).map(\.string) == ["a"])
        }
    }

    @Test func accountsOfNewPackagesMeanTheBase() async throws {
        try await Sandbox.with { sandbox in
            _ = try await sandbox.tree(["a"], ["user-z"])
            let grown = try await sandbox.tree(["a"], ["user-b", "user-z"])
            #expect(grown.origin == .base)
            let scratch = try await sandbox.tree(["a"], ["user-b", "user-z"], usesEarlierTrees: false, in: "other")
            #expect(grown.sha256 == scratch.sha256)
        }
    }

    @Test func whatIsConfiguredDoesNotSpoilThePackages() async throws {
        try await Sandbox.with { sandbox in
            var system = SystemConfig()
            system.hostname = "edge"
            let named = try await sandbox.tree(["a"], ["b"], system)
            let plain = try await sandbox.tree(["a"], ["b"])
            #expect(plain.origin == .nearest(added: []))
            #expect(named.sha256 != plain.sha256)
            let list = try await sandbox.run("tar", ["-tf", plain.tar.string]).check().output
            #expect(!list.contains("etc/hostname"))
        }
    }

    @Test func whatIsDamagedIsMadeAnew() async throws {
        try await Sandbox.with { sandbox in
            let first = try await sandbox.tree(["a"], ["b"])
            for name in try Files.names(in: sandbox.path("work/\(provider)/rootfs")) where name.string.hasSuffix(".tar")
            {
                try sandbox.flip("work/\(provider)/rootfs/\(name.string)")
            }
            try sandbox.flip("work/\(provider)/chrootbuild/chrootenv.tar.gz")
            let again = try await sandbox.tree(["a"], ["b"])
            #expect((again.origin, again.sha256) == (.base, first.sha256))
            #expect(again.chroot == .made(reason: "the snapshot is damaged (digest)"))
        }
    }

    @Test func leftoversOfAKilledBuildGo() async throws {
        try await Sandbox.with { sandbox in
            let first = try await sandbox.tree(["a"], ["b"])
            let dead = try await sandbox.deadProcess()
            let folder = "work/\(provider)"
            try sandbox.write("\(folder)/chrootbuild/chroot/usr/share/evil", "left")
            try sandbox.write("\(folder)/chrootbuild/chrootenv.new/usr/share/evil", "left")
            let left = TemporaryName.unique(of: dead)
            try sandbox.write("\(folder)/rootfs/.tmp-\(left)", "left")
            try sandbox.write("\(folder)/rootfs/\(String(repeating: "0", count: 64)).tar", "no record names it")
            let grown = try await sandbox.tree(["a"], ["b", "c"])
            let scratch = try await sandbox.tree(["a"], ["b", "c"], usesEarlierTrees: false, in: "other")
            #expect(grown.sha256 == scratch.sha256)
            #expect(first.sha256 != grown.sha256)
            let names = try Files.names(in: sandbox.path("\(folder)/rootfs")).map(\.string)
            #expect(names.allSatisfy { !$0.hasPrefix(".tmp-") && !$0.hasPrefix("0000") })
            #expect(!Files.exists(sandbox.path("\(folder)/chrootbuild/chrootenv.new")))
        }
    }

    @Test func aFailedInstallationLeavesEarlierTrees() async throws {
        try await Sandbox.with { sandbox in
            _ = try await sandbox.tree(["a"], ["b"])
            await #expect(throws: TreeError.self) { try await sandbox.tree(["a"], ["b", "broken"]) }
            #expect(try await sandbox.tree(["a"], ["b"]).origin == .same)
        }
    }

    @Test func fourOfEachKindAreKept() async throws {
        try await Sandbox.with { sandbox in
            let earlier = EarlierTrees(folder: sandbox.path("rootfs"))
            let keys = (0..<6).map { String(repeating: "\($0)", count: 64) }
            for (index, key) in keys.enumerated() {
                try sandbox.write("rootfs/\(key).tar", "tar")
                let record = TreeRecord(
                    kind: .packages, key: key, baseKey: key, recipe: 1, list: [], signers: [], packages: [],
                    sha256: .zero, size: 3, used: Int64(10 - index))
                try record.write(earlier.record(key))
            }
            try earlier.retain()
            #expect(try earlier.all().map(\.key) == Array(keys.prefix(4)))
            #expect(try Files.names(in: earlier.folder).count == 8)
        }
    }

    @Test func commandsRunInsideWithoutNetworkAndLeaveNothing() async throws {
        try await Sandbox.with { sandbox in
            var system = SystemConfig()
            system.configurations = ["exit 0", "exit 3"]
            // The tree has no shell: the first command fails already.
            let error = await #expect(throws: TreeError.self) { try await sandbox.tree(["a"], [], system) }
            #expect(error?.kind == .configuration)
            #expect(error?.description.hasPrefix("cannot run command 1 of systemConfig.configurations: ") == true)
            let mounts = try String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8)
            #expect(!mounts.contains(sandbox.root.string))
        }
    }
}

extension Sandbox {
    /// Changes a byte in the middle of a file.
    func flip(_ name: String) throws {
        var bytes = try read(name)
        bytes[bytes.count / 2] ^= 1
        try write(name, bytes: bytes)
    }
}
