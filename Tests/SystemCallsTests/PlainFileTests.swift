import SystemCalls
import SystemPackage
import TestSupport
import Testing

@Suite struct PlainFileTests {
    @Test func onlyRegularFilesAreOpened() async throws {
        try await Sandbox.with { sandbox in
            try sandbox.write("file", "text")
            try sandbox.write("folder/file", "")
            for words in [["ln", "-s", "file", "link"], ["ln", "-s", "none", "dangling"], ["mkfifo", "pipe"]] {
                try await sandbox.run(words[0], Array(words.dropFirst())).check()
            }
            #expect(try Files.readPlain(sandbox.path("file")) == Array("text".utf8))
            #expect(try Files.readPlain(sandbox.path("none")) == nil)
            for (name, reason) in [
                ("link", "a symbolic link"), ("dangling", "a symbolic link"), ("pipe", "a named pipe"),
                ("folder", "a folder"),
            ] {
                let path = sandbox.path(name)
                for call in [
                    { _ = try Files.readPlain(path) }, { _ = try Files.createPlain(path) },
                    { _ = try FileLock.tryAcquire(path) },
                ] {
                    let error = #expect(throws: SystemError.self) { try call() }
                    #expect(error?.reason == "it is " + reason, "\(name)")
                }
            }
            #expect(try sandbox.text("file") == "text" && !Files.exists(sandbox.path("none")))
            _ = try Files.createPlain(sandbox.path("file"))
            #expect(try sandbox.text("file").isEmpty)
        }
    }

    @Test func linksAreResolvedBelowARootOnly() async throws {
        try await Sandbox.with { sandbox in
            let root = try Files.realPath(sandbox.root).appending("root")
            try sandbox.write("root/a/b/file", "")
            try sandbox.write("outside/file", "")
            for (name, target) in [
                ("in", "a/b"), ("a/up", "../a/b/file"), ("chain", "in/file"), ("absolute", root.string + "/a"),
                ("out", "../outside"), ("a/far", "../../outside/file"), ("away", sandbox.path("outside").string),
                ("loop", "pool"), ("pool", "loop"), ("back", "../root/a"), ("missing", "a/none/file"),
            ] {
                try await sandbox.run("ln", ["-s", target, "root/" + name]).check()
            }
            for (path, expected) in [
                ("a/b/file", "a/b/file"), ("in/file", "a/b/file"), ("a/up", "a/b/file"), ("chain", "a/b/file"),
                ("absolute/b", "a/b"), ("missing", "a/none/file"), ("a/../in", "a/b"), ("new/file", "new/file"),
                ("out/file", nil), ("a/far", nil), ("away", nil), ("loop", nil), ("back", nil), ("../outside", nil),
            ] {
                let resolved = try Files.resolved(root.pushing(FilePath(path)), below: root)
                #expect(resolved == expected.map { root.pushing(FilePath($0)) }, "\(path)")
            }
        }
    }

    @Test func aStateFolderIsTheUsersAlone() async throws {
        try await Sandbox.with { sandbox in
            let folder = UserState.folder(environment: sandbox.environment).appending("project")
            #expect(folder == sandbox.path("home/.cache/cache-image/project"))
            #expect(!UserState.isUsable(folder))
            try UserState.prepare(folder)
            #expect(UserState.isUsable(folder))
            for mode: UInt32 in [0o777, 0o720] {
                try Files.setPermissions(folder, mode)
                #expect(!UserState.isUsable(folder))
                #expect(throws: SystemError.self) { try UserState.prepare(folder) }
            }
            try Files.setPermissions(folder, 0o700)
            try await sandbox.run("mv", [folder.string, sandbox.path("elsewhere").string]).check()
            try await sandbox.run("ln", ["-s", sandbox.path("elsewhere").string, folder.string]).check()
            #expect(!UserState.isUsable(folder))
            try sandbox.write("file", "")
            let unusable = ["HOME": sandbox.path("file/none").string]
            #expect(UserState.folder(environment: unusable).string.hasPrefix("/tmp/cache-image-"))
            #expect(UserState.folder(environment: ["XDG_CACHE_HOME": "relative"]).string.hasPrefix("/tmp/"))
        }
    }
}
