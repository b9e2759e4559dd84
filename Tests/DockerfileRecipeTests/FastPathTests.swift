import Foundation
import Glibc
import SystemCalls
import SystemPackage
import TestSupport
import Testing

@testable import Context
@testable import DockerfileRecipe
@testable import Records

/// What is not read again: rules 47 to 52.
@Suite struct FastPathTests {
    @Test func readsNoTrackedUnchangedFileTwice() async throws {
        try await Project.with(["a": "1", "sub/b": "2"]) { (project) async throws in
            let caches = project.caches
            let first = try project.inputs(caches: caches)
            #expect(first.readCount == 3)
            let second = try project.inputs(caches: caches)
            #expect(second.readCount == 0)
            #expect(second.key == first.key)
            #expect(second.record.document == first.record.document)
            #expect(second.record.json.text.count < second.record.document.count)
            try project.remove(".git/cache-image/memo")
            #expect(try project.inputs(caches: caches).key == first.key)
            #expect(try project.inputs(caches: InputCaches(memo: caches.memo)).readCount == 0)
            try project.write("a", "3")
            let third = try project.inputs(caches: caches)
            #expect(third.readCount == 1)
            #expect(third.key != first.key)
        }
    }

    @Test func computesTheFirstKeyOfACloneWithoutReadingAFile() async throws {
        try await Project.with(["a": "1", "sub/b": "2"]) { (project) async throws in
            let inputs = try project.inputs()
            try project.sandbox.write("project/docker-cache/demo-latest.inputs.json", bytes: inputs.record.document)
            try await project.commit()
            try await project.sandbox.run("git", ["clone", "-q", "project", "clone"]).check()
            var clone = Project(sandbox: project.sandbox, folder: "clone")
            try clone.settle()
            let fresh = try clone.inputs(caches: clone.caches)
            #expect(fresh.key == inputs.key)
            #expect(fresh.readCount == 0)
            clone.isRepository = false
            #expect(try clone.inputs().key == inputs.key)
        }
    }

    @Test func trustsNoFileAsYoungAsTheIndex() async throws {
        try await Project.with(["a": "1"], dockerfile: "FROM scratch\nCOPY a /\n") { (project) async throws in
            let caches = project.caches
            let before = try project.inputs(caches: caches)
            // The same size at the same time as the index: only the content tells.
            let index = project.root.string + "/.git/index"
            try project.write("a", "2")
            try await project.git("add", "a")
            var status = stat()
            #expect(lstat(project.root.string + "/a", &status) == 0)
            var times = [status.st_mtim, status.st_mtim]
            #expect(utimensat(AT_FDCWD, index, &times, 0) == 0)
            try project.write("a", "3")
            #expect(utimensat(AT_FDCWD, project.root.string + "/a", &times, 0) == 0)
            let after = try project.inputs(caches: caches)
            #expect(after.readCount == 1)
            #expect(after.files["a"]?.digest == .init(of: "3".utf8))
            #expect(after.key != before.key)
        }
    }

    @Test(arguments: ["--assume-unchanged", "--skip-worktree"])
    func looksAtFilesThatGitIsToldToOverlook(flag: String) async throws {
        try await Project.with(["a": "1"], dockerfile: "FROM scratch\nCOPY a /\n") { (project) async throws in
            let before = try project.key()
            try await project.git("update-index", flag, "a")
            try project.settle()
            try project.write("a", "2")
            #expect(try project.key() != before)
        }
    }

    @Test(arguments: [
        "* text=auto", "a text eol=crlf", "a ident", "a filter=other", "a working-tree-encoding=ISO-8859-1",
    ])
    func provesNoConvertedFileByItsBlob(attributes: String) async throws {
        let files = ["a": "1\n", ".gitattributes": attributes + "\n"]
        try await Project.with(files, dockerfile: "FROM scratch\nCOPY a /\n") { (project) async throws in
            let caches = project.caches
            let inputs = try project.inputs(caches: caches)
            #expect(inputs.files["a"]?.blob == nil)
            #expect(inputs.readCount == 1)
        }
    }

    @Test func remembersFilesOutsideOfARepositoryByTheirStatData() async throws {
        try await Project.with(["a": "1", "b": "2"], git: false) { (project) async throws in
            let caches = InputCaches(stat: project.sandbox.path("stat"))
            let first = try project.inputs(caches: caches)
            #expect(first.readCount == 3)
            // As if the cache had been written a while after the files.
            #expect(try project.inputs(caches: caches).readCount == 3)
            try FileManager.default.setAttributes(
                [.modificationDate: Date().addingTimeInterval(10)], ofItemAtPath: project.sandbox.path("stat").string)
            let second = try project.inputs(caches: caches)
            #expect(second.readCount == 0)
            #expect(second.key == first.key)
            try project.write("a", "3")
            let third = try project.inputs(caches: caches)
            #expect(third.readCount >= 1)
            #expect(third.files["a"]?.digest == .init(of: "3".utf8))
        }
    }

    @Test func survivesDamagedCaches() async throws {
        try await Project.with(["a": "1"]) { (project) async throws in
            let caches = project.caches
            let key = try project.inputs(caches: caches).key
            for path in [caches.memo, caches.stat].compactMap({ $0 }) {
                guard var bytes = try Files.read(path) else { continue }
                for position in stride(from: 0, to: bytes.count, by: 7) {
                    bytes[position] ^= 0x55
                    try Files.replace(path, with: bytes)
                    #expect(
                        try project.inputs(caches: InputCaches(stat: caches.stat, memo: caches.memo, isWritable: false))
                            .key == key)
                    bytes[position] ^= 0x55
                }
                try Files.replace(path, with: Array(bytes.prefix(bytes.count / 2)))
                #expect(try project.inputs(caches: caches).key == key)
            }
        }
    }

    @Test func findsAWrongMemoByReadingEverything() async throws {
        try await Project.with(["a": "1"], dockerfile: "FROM scratch\nCOPY a /\n") { (project) async throws in
            let caches = project.caches
            let image = try project.image(caches: caches)
            #expect(try image.verify(repository: try project.repository()) == [])
            let blob = try #require(image.inputs.files["a"]?.blob)
            let memo = ContentMemo(project.sandbox.path("memo"))
            memo.learn(blob, .init(digest: .init(of: "other".utf8), size: 1))
            memo.save()
            let wrong = try project.image(caches: InputCaches(memo: project.sandbox.path("memo")))
            #expect(wrong.inputs.key != image.inputs.key)
            #expect(try wrong.verify(repository: try project.repository()).map(\.path) == ["a"])
        }
    }

    @Test func takesTheIndexsWordForModesWhereTheFileSystemHasNone() async throws {
        try await Project.with(["a": "1"], dockerfile: "FROM scratch\nCOPY a /\n") { (project) async throws in
            let key = try project.key()
            try await project.git("config", "core.filemode", "false")
            try project.chmod("a", 0o755)
            #expect(try project.key() == key)
            try await project.git("update-index", "--chmod=+x", "a")
            #expect(try project.key() != key)
        }
    }

    @Test func worksWithSplitAndSparseIndexes() async throws {
        try await Project.with(["a": "1", "sub/b": "2", "out/c": "3"], dockerfile: "FROM scratch\nCOPY sub /\n") {
            (project) async throws in
            let key = try project.key()
            try await project.git("update-index", "--split-index")
            #expect(try project.key() == key)
            try await project.git("update-index", "--no-split-index")
            try await project.git("sparse-checkout", "set", "--cone", "--sparse-index", "sub")
            #expect(try project.key() == key)
        }
    }

    @Test func givesClonesOneKeyWhateverTheirSettings() async throws {
        let files = ["a": "1\n", "sub/b": "2\n", "sub/c/d": "3\n", "z": "4\n"]
        try await Project.with(files) { (project) async throws in
            try project.write("run", "x", permissions: 0o755)
            try await project.commit()
            let key = try project.key()
            for (number, settings) in [("1", ["core.autocrlf=input"]), ("2", ["core.trustctime=false"]), ("3", [])]
                .enumerated()
            {
                let name = "clone\(number)"
                try await project.sandbox.run(
                    "sh", ["-c", "umask \(number == 0 ? "002" : "077"); git clone -q project \(name)"]
                ).check()
                let clone = Project(sandbox: project.sandbox, folder: name)
                for setting in settings.1 {
                    let parts = setting.split(separator: "=").map(String.init)
                    try await clone.git("config", parts[0], parts[1])
                }
                #expect(try clone.key() == key, "\(settings)")
                #expect(try clone.inputs(caches: clone.caches).key.hexadecimal == key)
            }
            if access("/dev/shm", W_OK) == 0 {
                let other = "/dev/shm/cache-image-test-\(getpid())"
                try await project.sandbox.run("git", ["clone", "-q", "project", other]).check()
                defer { try? FileManager.default.removeItem(atPath: other) }
                #expect(try Project(sandbox: project.sandbox, folder: other).key() == key)
            }
        }
    }
}
