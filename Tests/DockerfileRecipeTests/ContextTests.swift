import Foundation
import OCI
import SystemCalls
import SystemPackage
import Testing

@testable import DockerfileRecipe
@testable import Records

/// The context that engines get: rules 42 to 44.
@Suite struct ContextTests {
    private func listing(_ folder: FilePath) throws -> [String] {
        let names = FileManager.default.enumerator(atPath: folder.string)?.compactMap { $0 as? String } ?? []
        return names.sorted()
    }

    @Test func holdsExactlyTheFilesInScopeWithFixedAttributes() async throws {
        let files = [
            "src/a": "1", "src/ignored": "x", "other/b": "2", ".dockerignore": "**/ignored\n", ".gitignore": "*.pyc\n",
        ]
        try await Project.with(files, dockerfile: "FROM scratch\nCOPY src /src\n") { (project) async throws in
            try project.write("src/run", "2", permissions: 0o777)
            try project.write("src/x.pyc", "litter")
            try project.link("src/link", to: "../nowhere")
            let image = try project.image()
            let context = try project.stage(image)
            #expect(try listing(context.directory) == ["src", "src/a", "src/link", "src/run"])
            #expect(context.image.inputs.key == image.inputs.key)
            for (name, mode) in [("src/a", UInt32(0o644)), ("src/run", 0o755), ("src", 0o755), ("", 0o755)] {
                let status = try #require(try FileStatus.of(context.directory.appending(RelativePath(name))))
                #expect(status.permissions == mode, "\(name)")
                #expect(status.modified == .init(seconds: 315_532_800, nanoseconds: 0), "\(name)")
            }
            #expect(try FileStatus.of(context.directory.appending("src/link"))?.modified.seconds == 315_532_800)
            context.remove()
            #expect(try listing(project.sandbox.path("stage")) == [])
        }
    }

    @Test func writesFollowedLinksUnderTheirOwnName() async throws {
        try await Project.with(["real/a": "1"], dockerfile: "FROM scratch\nCOPY link /x\n") { (project) async throws in
            try project.link("link", to: "real")
            let context = try project.stage(try project.image())
            #expect(try listing(context.directory) == ["link", "link/a"])
        }
    }

    @Test func keepsALinkThatIsCopiedAsALinkToo() async throws {
        let dockerfile = "FROM scratch\nCOPY sub /s\nCOPY sub/link /x\n"
        try await Project.with(["sub/b": "1", "real/a": "1"], dockerfile: dockerfile) { (project) async throws in
            try project.link("sub/link", to: "../real")
            let image = try project.image()
            let context = try project.stage(image)
            #expect(try listing(context.directory) == ["real", "real/a", "sub", "sub/b", "sub/link"])
            #expect(image.inputs.paths == ["real/a", "sub/b", "sub/link"])
            try project.write("real/a", "2")
            let reasons = try project.inputs().record.reasons(since: image.inputs.record)
            #expect(!reasons.isEmpty)
        }
    }

    @Test func hashesWhatItStages() async throws {
        try await Project.with(["a": "1"], dockerfile: "FROM scratch\nCOPY a /\n") { (project) async throws in
            let image = try project.image()
            try project.write("a", "2")
            let context = try project.stage(image)
            #expect(context.image.inputs.key != image.inputs.key)
            #expect(context.image.inputs.key == (try project.inputs()).key)
            #expect(context.image.inputs.record.document == (try project.inputs()).record.document)
            try project.remove("a")
            #expect(inputsError { _ = try project.stage(image) } != nil)
        }
    }

    @Test func keepsTheStagedFilesUnderANewLock() async throws {
        try await Project.with(["a": "1"], dockerfile: "FROM python:3.10-slim\nCOPY a /\n") { (project) async throws in
            let context = try project.stage(try project.image())
            let fresh = try project.inputs(lock: BaseTests.lock())
            try project.write("a", "changed meanwhile")
            let relocked = try context.image.relocked(BaseTests.lock(), repository: try project.repository())
            #expect(relocked.inputs.key == fresh.key)
            #expect(relocked.inputs.record.document == fresh.record.document)
        }
    }

    @Test func findsWhatAnEngineHasMadeOtherwise() async throws {
        let dockerfile = "FROM scratch\nLABEL version=2\nENV A=1\nCMD [\"x\"]\nEXPOSE 80\nUSER me\nHEALTHCHECK CMD y\n"
        try await Project.with([:], dockerfile: dockerfile) { (project) async throws in
            let image = try project.image()
            var built = RuntimeConfig()
            built.labels = ["version": "2", "io.buildah.version": "1"]
            built.env = ["A=1", "PATH=/bin"]
            built.cmd = ["x"]
            built.exposedPorts = ["80/tcp"]
            built.user = "me"
            built.healthcheck = ["Test": ["CMD-SHELL", "y"]]
            #expect(image.differences(from: built) == [])
            built.labels["version"] = "1"
            built.cmd = nil
            #expect(
                image.differences(from: built) == [
                    "Labels.version: expected 2, found 1", "Cmd: expected [\"x\"], found nothing",
                ])
        }
    }

    @Test func reducesTheDockerfileForTheLegacyBuilder() async throws {
        let dockerfile = "FROM scratch AS unused\nCOPY nowhere /\nFROM scratch\nCOPY a /\n"
        try await Project.with(["a": "1"], dockerfile: dockerfile) { (project) async throws in
            let text = String(decoding: try project.image().legacyDockerfile(), as: UTF8.self)
            #expect(text == "FROM scratch AS unused\n\nFROM scratch\nCOPY a /\n")
        }
    }
}
