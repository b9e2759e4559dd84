import Git
import LFS
import SystemCalls
import SystemPackage
import TestSupport
import Testing

@Suite struct ObjectStoreTests {
    private static let bytes = Array("an image".utf8)

    @Test func worktreesShareOneStore() async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.makeLFSRepository()
            try await sandbox.git("worktree", "add", "-q", "../other")
            let pointer = try sandbox.store(Self.bytes, in: "other")
            let store = try ObjectStore(sandbox.openRepository())
            #expect(store.holds(pointer))
            let root = try Files.realPath(sandbox.path("repo/.git"))
            #expect(store.root == root.appending("lfs"))
        }
    }

    @Test func theStorageFolderIsConfigured() async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.makeLFSRepository()
            try await sandbox.git("config", "lfs.storage", "own")
            let git = try Files.realPath(sandbox.path("repo/.git"))
            #expect(try ObjectStore(sandbox.openRepository()).root == git.appending("own"))
            try await sandbox.git("config", "lfs.storage", "/srv/objects")
            #expect(try ObjectStore(sandbox.openRepository()).root == "/srv/objects")
        }
    }

    @Test func objectsOfBorrowedRepositoriesAreFound() async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.makeLFSRepository()
            let pointer = try sandbox.store(Self.bytes)
            try await sandbox.git("clone", "-q", "--shared", "repo", "shared", in: "")
            let shared = try ObjectStore(sandbox.openRepository("shared"))
            #expect(!shared.holds(pointer))
            let file = try #require(try shared.find(pointer))
            #expect(try Files.read(file) == Self.bytes)
            #expect(shared.holds(pointer))
            try await sandbox.git("init", "-q", "third", in: "")
            let objects = sandbox.path("repo/.git/objects").string
            for value in ["/nowhere/at/all:\(objects)", "\"\(objects)\":/nowhere/at/all", "#comment:\(objects)"] {
                let repository = try sandbox.openRepository(
                    "third", environment: ["GIT_ALTERNATE_OBJECT_DIRECTORIES": value])
                #expect(try ObjectStore(repository).references.count == 1, "\(value)")
            }
        }
    }

    @Test func anObjectIsNeverOverwritten() async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.makeLFSRepository()
            let store = try ObjectStore(sandbox.openRepository())
            let pointer = try sandbox.store(Self.bytes)
            let before = try #require(try FileStatus.of(store.path(of: pointer.oid)))
            _ = try sandbox.store(Self.bytes)
            #expect(try FileStatus.of(store.path(of: pointer.oid)) == before)
            try sandbox.write("file", bytes: Self.bytes)
            let wrong = Pointer(oid: pointer.oid, size: 99)
            let error = #expect(throws: LFSError.self) { try store.insert(sandbox.path("file"), as: wrong) }
            // The object is what its name says; nothing of it is damaged.
            #expect(error?.hint == "write `size \(pointer.size.bytes)` into the pointer")
            #expect(try FileStatus.of(store.path(of: pointer.oid)) == before)
            #expect(try Files.names(in: store.temporary).isEmpty)
        }
    }

    @Test func insertingAFileKeepsItApart() async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.makeLFSRepository()
            let store = try ObjectStore(sandbox.openRepository())
            try sandbox.write("file", bytes: Self.bytes)
            let pointer = try Pointer.of(sandbox.path("file"))
            try store.insert(sandbox.path("file"), as: pointer)
            try sandbox.write("file", "changed")
            #expect(try Files.read(store.path(of: pointer.oid)) == Self.bytes)
            #expect(try FileStatus.of(store.path(of: pointer.oid))?.linkCount == 1)
        }
    }

    @Test(.enabled(if: Requirements.tools("git-lfs")), arguments: ["group", "all", "umask"])
    func sharedRepositoriesHaveTheModesOfGitLFS(_ mode: String) async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.makeLFSRepository()
            try await sandbox.git("config", "core.sharedRepository", mode)
            let ours = try sandbox.store(Self.bytes)
            let theirs = Array("other".utf8)
            // Other tests change this process' mask meanwhile.
            try await sandbox.run("sh", ["-c", "umask 022 && git lfs clean"], in: "repo", input: theirs).check()
            let store = try ObjectStore(sandbox.openRepository())
            try sandbox.write("file", bytes: theirs)
            let other = try Pointer.of(sandbox.path("file"))
            var left = store.path(of: ours.oid)
            var right = store.path(of: other.oid)
            for _ in 0..<3 {
                #expect(try FileStatus.of(left)?.permissions == FileStatus.of(right)?.permissions, "\(left)")
                left.removeLastComponent()
                right.removeLastComponent()
            }
        }
    }

    @Test func remotesOnThisMachineAreLookedAt() async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.makeLFSRepository()
            let pointer = try sandbox.store(Self.bytes)
            try await sandbox.git("clone", "-q", "--bare", "repo", "bare.git", in: "")
            let bare = try ObjectStore(sandbox.openRepository("bare.git"))
            try bare.insert(try ObjectStore(sandbox.openRepository()).path(of: pointer.oid), as: pointer)
            let root = sandbox.root.string
            for (number, url) in ["\(root)/repo", "\(root)/bare.git/", "file://\(root)/bare.git", "../bare"]
                .enumerated()
            {
                let name = "clone\(number)"
                try await sandbox.git("init", "-q", name, in: "")
                try await sandbox.git("remote", "add", "origin", url, in: name)
                let resolver = try ObjectResolver(sandbox.openRepository(name))
                let file = try #require(try resolver.find(pointer), "\(url)")
                #expect(try Files.read(file) == Self.bytes)
                #expect(resolver.store.holds(pointer))
            }
        }
    }

    @Test func aMissingObjectSaysWhereItWasLookedFor() async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.makeLFSRepository()
            let resolver = try ObjectResolver(sandbox.openRepository())
            let pointer = try Pointer.of(sandbox.path("repo/.gitattributes"))
            let error = #expect(throws: LFSError.self) { try resolver.require(pointer, path: "a.tar") }
            #expect(error?.kind == .missing)
            #expect(error?.description.contains(pointer.oid.hexadecimal) ?? false)
            #expect(error?.description.contains(resolver.store.objects.string) ?? false)
            #expect(error?.hint == "cache-image lfs pull -I a.tar")
        }
    }

    /// A name below `lfs/tmp`, how old it is, how old its folder, and whether it stays; `OID` stands for an object that is
    /// here, `NONE` for one that is not.
    @Test(arguments: [
        ("OID-1", 0, 0, false), ("NONE-1", 0, 0, true), ("NONE-1", 3, 0, false), ("other", 0, 0, true),
        ("other", 3, 0, false), ("objects/OID-1", 0, 0, false), ("objects/NONE-1", 0, 0, true),
        ("objects/NONE-1", 3, 0, false), ("folder/other", 3, 0, true), ("folder/other", 3, 3, false),
        ("cache-image-\(TemporaryName.unique(of: 1))", 3, 0, true),
        ("OID-\(TemporaryName.unique(of: 1))", 3, 0, true),
        ("cache-image-\(TemporaryName.unique(of: 999_999_999))", 0, 0, false),
        ("cache-image-999999999-elsewhere1234-1234567890abc", 0, 0, true),
        ("cache-image-999999999-elsewhere1234-1234567890abc", 1, 0, false),
        ("NONE-999999999-elsewhere1234-1234567890abc", 0, 0, true),
        ("NONE-999999999-elsewhere1234-1234567890abc", 1, 0, false),
        ("cache-image-999999999-x", 0, 0, true), ("cache-image-999999999-x", 2, 0, false),
    ])
    func whatKilledProgramsLeftIsSwept(name: String, hours: Int, folderHours: Int, stays: Bool) async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.makeLFSRepository()
            let pointer = try sandbox.store(Self.bytes)
            let none = String(repeating: "0", count: 64)
            let file =
                "repo/.git/lfs/tmp/"
                + name.replacing("OID", with: pointer.oid.hexadecimal).replacing("NONE", with: none)
            try sandbox.write(file, "x")
            try await sandbox.run("touch", ["-d", "\(hours) hours ago", file]).check()
            if name.contains("/") {
                let folder = "repo/.git/lfs/tmp/" + name.prefix { $0 != "/" }
                try await sandbox.run("touch", ["-d", "\(folderHours) hours ago", folder]).check()
            }
            try ObjectStore(sandbox.openRepository()).sweep()
            #expect(Files.exists(sandbox.path(file)) == stays)
        }
    }

    @Test func whatIsBeingWrittenIsNotSwept() async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.makeLFSRepository()
            let store = try ObjectStore(sandbox.openRepository())
            let writer = try ObjectWriter(store)
            try Self.bytes.withUnsafeBytes { try writer.write($0) }
            let name = try #require(try Files.names(in: store.temporary).first)
            try await sandbox.run("touch", ["-d", "3 hours ago", store.temporary.appending(name).string]).check()
            store.sweep()
            #expect(store.holds(try writer.finish()))
        }
    }
}
