import Foundation
import Glibc
import Testing

@testable import Context
@testable import DockerfileRecipe
@testable import Records

/// What counts of a file: rules 11 to 20.
@Suite struct RecordTests {
    @Test func countsTheOwnersExecuteBitAndNoOtherMode() async throws {
        try await Project.with(["a": "1"]) { (project) async throws in
            let key = try project.key()
            for mode in [0o600, 0o664, 0o646, 0o655] {
                try project.chmod("a", mode)
                #expect(try project.key() == key)
            }
            try project.chmod("a", 0o744)
            let executable = try project.key()
            #expect(executable != key)
            try project.chmod("a", 0o755)
            #expect(try project.key() == executable)
        }
    }

    @Test func ignoresTimesAndEmptyFolders() async throws {
        try await Project.with(["a": "1", "sub/b": "2"]) { (project) async throws in
            let key = try project.key()
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSince1970: 1)], ofItemAtPath: project.root.string + "/a")
            try FileManager.default.createDirectory(
                atPath: project.root.string + "/empty/er", withIntermediateDirectories: true)
            try project.chmod("sub", 0o700)
            #expect(try project.key() == key)
        }
    }

    @Test func refusesAFolderInWhichNothingCounts() async throws {
        try await Project.with([:], dockerfile: "FROM scratch\nCOPY empty /\n") { (project) async throws in
            try FileManager.default.createDirectory(
                atPath: project.root.string + "/empty", withIntermediateDirectories: true)
            #expect(inputsError { _ = try project.inputs() }?.kind == .recipe)
        }
    }

    @Test func leavesModesOutWhereAnOctalChmodReplacesThem() async throws {
        for (flag, counts) in [("--chmod=755", false), ("--chmod=0644", false), ("--chmod=u=rwX", true)] {
            let dockerfile = "# syntax=docker/dockerfile:1\nFROM scratch\nCOPY \(flag) a /\n"
            try await Project.with(["a": "1"], dockerfile: dockerfile) { (project) async throws in
                let key = try project.key()
                try project.chmod("a", 0o755)
                #expect((try project.key() != key) == counts, "\(flag)")
            }
        }
    }

    @Test func recordsLinksInsideAFolderByTheirText() async throws {
        try await Project.with(["a": "1", "sub/b": "2"]) { (project) async throws in
            try project.link("sub/dangling", to: "../nowhere")
            try project.link("sub/absolute", to: "/etc/passwd")
            try project.link("sub/folder", to: "../sub")
            let inputs = try project.inputs()
            #expect(inputs.paths == ["Dockerfile", "a", "sub/absolute", "sub/b", "sub/dangling", "sub/folder"])
            #expect(inputs.files["sub/dangling"]?.content == .link(Array("../nowhere".utf8)))
            try project.link("sub/dangling", to: "../elsewhere")
            let changed = try project.inputs()
            #expect(changed.key != inputs.key)
            #expect(changed.record.reasons(since: inputs.record).map(\.name) == [.fileLinkChanged])
        }
    }

    @Test func followsALinkThatIsTheSource() async throws {
        let files = ["real/a": "1", "other/a": "1", "file": "x", "same": "x"]
        try await Project.with(files, dockerfile: "FROM scratch\nCOPY link filelink link/a /\n") {
            (project) async throws in
            try project.link("link", to: "/real")
            try project.link("filelink", to: "../../file")
            let inputs = try project.inputs()
            #expect(inputs.paths == ["filelink", "link/a"])
            try project.link("link", to: "other")
            try project.link("filelink", to: "same")
            #expect(try project.key() == inputs.key.hexadecimal)
            try project.write("other/a", "2")
            #expect(try project.key() != inputs.key.hexadecimal)
            try project.link("link", to: "nowhere")
            #expect(inputsError { _ = try project.inputs() }?.kind == .recipe)
            try project.link("link", to: "/etc/passwd")
            #expect(inputsError { _ = try project.inputs() }?.kind == .recipe)
            try project.link("link", to: "link")
            #expect(inputsError { _ = try project.inputs() }?.description.contains("too many links") == true)
        }
    }

    @Test func followsLinksThatMatchAWildcard() async throws {
        try await Project.with(["real/a": "1"], dockerfile: "FROM scratch\nCOPY li* /\n") { (project) async throws in
            try project.link("link", to: "real")
            #expect(try project.inputs().paths == ["link/a"])
        }
    }

    @Test func refusesPipesAndSocketsInScope() async throws {
        try await Project.with(["a": "1"]) { (project) async throws in
            #expect(mkfifo(project.root.string + "/pipe", 0o644) == 0)
            let error = inputsError { _ = try project.inputs() }
            #expect(error?.description == "cannot use pipe as an input: it is a FIFO, which builders treat differently")
            try project.write(".dockerignore", "pipe\n")
            #expect(try project.inputs().paths == [".dockerignore", "Dockerfile", "a"])
        }
    }

    @Test func takesHardLinksAsFiles() async throws {
        try await Project.with(["a": "1"]) { (project) async throws in
            #expect(Glibc.link(project.root.string + "/a", project.root.string + "/b") == 0)
            let linked = try project.key()
            try project.remove("b")
            try project.write("b", "1")
            #expect(try project.key() == linked)
        }
    }

    @Test func ignoresOwnersAndSpecialModeBits() async throws {
        try await Project.with(["a": "1"]) { (project) async throws in
            let key = try project.key()
            let path = project.root.string + "/a"
            #expect(chown(path, 12, 34) == 0 || errno == EPERM)
            #expect(Glibc.chmod(path, 0o4664) == 0)
            #expect(try project.key() == key)
            #expect(try project.stage(try project.image()).image.inputs.key.hexadecimal == key)
        }
    }

    @Test func keepsTheBytesOfNames() async throws {
        try await Project.with([:]) { (project) async throws in
            let name: [UInt8] = [0x61, 0xFF, 0x25]
            let path = (Array((project.root.string + "/").utf8) + name + [0]).map { CChar(bitPattern: $0) }
            let descriptor = open(path, O_CREAT | O_WRONLY, 0o644)
            #expect(descriptor >= 0)
            close(descriptor)
            let inputs = try project.inputs()
            #expect(inputs.files.contains { $0.path.bytes == name })
            let text = String(decoding: inputs.record.document, as: UTF8.self)
            #expect(text.contains("\n\"a%FF%25\": ["))
            let read = try InputsRecord.read(inputs.record.document, named: "x", .all)
            #expect(read.files.contains { $0.path.bytes == name })
        }
    }

    @Test func warnsOfPathsThatDifferInCaseOrFormOnly() async throws {
        try await Project.with(["sub/Read": "1", "sub/read": "2", "o/\u{E9}": "3"]) { (project) async throws in
            try project.write("o/e\u{301}", "4")
            let warnings = try project.inputs().warnings.filter { $0.contains("cannot both be checked out") }
            #expect(warnings.count == 2)
        }
    }

    @Test func countsTheBytesOfTheWorkTree() async throws {
        try await Project.with(["a.txt": "1\n2\n", ".gitattributes": "*.txt text\n"]) { (project) async throws in
            let inputs = try project.inputs()
            try project.write("a.txt", "1\r\n2\r\n")
            let changed = try project.inputs()
            #expect(changed.key != inputs.key)
            let reasons = changed.reasons(since: inputs.record, repository: try project.repository())
            #expect(reasons.map(\.name) == [.fileEOLOnly])
        }
    }

    @Test func tellsLineEndsFromOtherChanges() async throws {
        try await Project.with(["a": "1\n2\n"]) { (project) async throws in
            let inputs = try project.inputs()
            try project.write("a", "1\r\n2\r\n")
            let reasons = try project.inputs().reasons(since: inputs.record, repository: try project.repository())
            #expect(reasons.map(\.name) == [.fileEOLOnly])
            #expect(reasons[0].description.contains("text eol=lf"))
        }
    }

    @Test func takesADockerfileWithCarriageReturns() async throws {
        try await Project.with(["a": "1"], dockerfile: "FROM scratch\nCOPY a /\nENV X=1\n") { (project) async throws in
            let key = try project.key()
            try project.write("Dockerfile", "FROM scratch\r\nCOPY a /\r\nENV X=1\r\n")
            #expect(try project.key() == key)
        }
    }
}
