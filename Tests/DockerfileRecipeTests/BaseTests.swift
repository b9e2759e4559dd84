import Hashing
import OCI
import Testing

@testable import Context
@testable import DockerfileRecipe
@testable import Records

/// Base images, frontends and remote sources: rules 36 to 41.
@Suite struct BaseTests {
    static let name = "docker.io/library/python:3.10-slim"

    /// A digest that stands for a word.
    static func digest(_ word: String) -> SHA256Digest { SHA256Digest(of: word.utf8) }

    static func lock(
        layers: [String] = ["a"], environment: [String: String] = [:], onBuild: [String] = [],
        name: String = BaseTests.name
    ) throws -> BaseLock {
        var runtime = RuntimeConfig()
        runtime.env = environment.map { "\($0.key)=\($0.value)" }
        runtime.onBuild = onBuild
        let content = layers.joined() + environment.sorted { $0.key < $1.key }.description + onBuild.joined()
        var lock = BaseLock()
        lock[try ImageReference(name), .linuxAMD64] = BaseLock.Entry(
            manifest: nil, imageID: digest("1"), diffIDs: layers.map(digest), contentID: digest(content),
            runtime: runtime)
        return lock
    }

    @Test func namesAnUnlockedBaseByItsNormalisedReference() async throws {
        try await Project.with(["a": "1"], dockerfile: "FROM python:3.10-slim\nCOPY a /\n") { (project) async throws in
            let inputs = try project.inputs()
            #expect(inputs.marks.map(\.kind) == [.basesUnlocked])
            let reference = try ImageReference(Self.name)
            let base = InputsRecord.Base(reference: reference, line: 1, identity: .reference(reference))
            #expect(inputs.record.bases == [base])
            try project.write("Dockerfile", "FROM docker.io/library/python:3.10-slim\nCOPY a /\n")
            #expect(try project.key() == inputs.key.hexadecimal)
            try project.write("Dockerfile", "FROM python:3.11-slim\nCOPY a /\n")
            let moved = try project.inputs().record.reasons(since: inputs.record)
            #expect(moved.map(\.name) == [.baseAdded, .baseRemoved])
        }
    }

    @Test func usesTheContentOfALockedBase() async throws {
        try await Project.with(["a": "1"], dockerfile: "FROM python:3.10-slim\nCOPY a /\n") { (project) async throws in
            let inputs = try project.inputs(lock: Self.lock())
            #expect(inputs.marks == [])
            var same = try Self.lock()
            same[try ImageReference(Self.name), .linuxAMD64]?.config = Self.digest("other")
            same[try ImageReference(Self.name), .linuxAMD64]?.manifest = Self.digest("m")
            #expect(try project.inputs(lock: same).key == inputs.key)
            let moved = try project.inputs(lock: Self.lock(layers: ["b"]))
            #expect(moved.key != inputs.key)
            let reasons = moved.record.reasons(since: inputs.record)
            #expect(reasons.map(\.name) == [.baseMoved])
            #expect(reasons[0].distrustsStepCache)
            #expect(reasons[0].subject == Self.name)
        }
    }

    @Test(arguments: ["COPY --from=python:3.10-slim /a /", "RUN --mount=from=python:3.10-slim,target=/p x"])
    func locksImagesThatFilesAreTakenFromToo(instruction: String) async throws {
        try await Project.with([:], dockerfile: "FROM scratch\n\(instruction)\n") { (project) async throws in
            let unlocked = try project.inputs()
            #expect(unlocked.marks.map(\.kind) == [.basesUnlocked])
            let reference = try ImageReference(Self.name)
            let base = InputsRecord.Base(reference: reference, line: 2, identity: .reference(reference))
            #expect(unlocked.record.bases == [base])
            let locked = try project.inputs(lock: Self.lock())
            #expect(locked.marks == [])
            let moved = try project.inputs(lock: Self.lock(layers: ["b"]))
            #expect(moved.key != locked.key)
            #expect(moved.record.reasons(since: locked.record).map(\.name) == [.baseMoved])
        }
    }

    @Test func treatsADigestAsExact() async throws {
        let digest = String(repeating: "a", count: 64)
        try await Project.with(["a": "1"], dockerfile: "FROM python@sha256:\(digest)\nCOPY a /\n") {
            (project) async throws in
            #expect(
                try project.inputs().marks.filter { $0.kind == .basesUnlocked && !$0.reason.contains(digest) } == [])
        }
    }

    @Test func expandsTheEnvironmentOfALockedBase() async throws {
        let dockerfile = "FROM python:3.10-slim\nENV PATH=/x:$PATH\nRUN true\n"
        try await Project.with([:], dockerfile: dockerfile) { (project) async throws in
            let inputs = try project.inputs(lock: Self.lock(environment: ["PATH": "/bin"]))
            #expect(inputs.record.config["Env"]?["PATH"] == "/x:/bin")
            let unlocked = try project.inputs()
            #expect(unlocked.record.config["Env"]?["PATH"]?["text"] != nil)
        }
    }

    @Test func widensTheScopeWhereASourceNeedsAnUnlockedBase() async throws {
        let dockerfile = "FROM python:3.10-slim\nCOPY $WHERE /x\n"
        try await Project.with(["a": "1", "b": "2"], dockerfile: dockerfile) { (project) async throws in
            let inputs = try project.inputs()
            #expect(inputs.paths == ["Dockerfile", "a", "b"])
            #expect(inputs.marks.contains { $0.kind == .inexact })
            #expect(try project.inputs(lock: Self.lock(environment: ["WHERE": "a"])).paths == ["a"])
        }
    }

    @Test func runsTheTriggersOfALockedBase() async throws {
        try await Project.with(["a": "1"], dockerfile: "FROM python:3.10-slim\n") { (project) async throws in
            #expect(try project.inputs(lock: Self.lock()).paths == [])
            #expect(try project.inputs(lock: Self.lock(onBuild: ["COPY a /"])).paths == ["a"])
        }
    }

    @Test func marksRemoteSourcesWithoutChecksum() async throws {
        let digest = "sha256:" + String(repeating: "a", count: 64)
        try await Project.with([:], dockerfile: "FROM scratch\nADD https://example.org/f /\n") {
            (project) async throws in
            let inputs = try project.inputs()
            #expect(inputs.marks.map(\.kind) == [.unpinned])
            #expect(inputs.record.remotes.count == 1)
            try project.write("Dockerfile", "FROM scratch\nADD --checksum=\(digest) https://example.org/f /\n")
            let pinned = try project.inputs()
            #expect(pinned.marks == [])
            #expect(pinned.record.reasons(since: inputs.record).first?.name == .remoteChanged)
        }
    }

    @Test func readsAndWritesTheLock() throws {
        var lock = try Self.lock(environment: ["B": "2", "A": "1"], onBuild: ["RUN x"])
        lock[try ImageReference("alpine:3"), Platform(architecture: "arm64")] =
            lock[try ImageReference(Self.name), .linuxAMD64]
        let bytes = lock.document
        #expect(try BaseLock.read(bytes, named: "lock") == lock)
        #expect(try BaseLock.read(bytes, named: "lock").document == bytes)
        let conflict = Array("<<<<<<< ours\n{}\n=======\n{}\n>>>>>>> theirs\n".utf8)
        #expect(inputsError { _ = try BaseLock.read(conflict, named: "lock") }?.kind == .conflictMarkers)
        #expect(inputsError { _ = try BaseLock.read(Array("[]".utf8), named: "lock") }?.kind == .damagedDocument)
        #expect(String(decoding: BaseLock().document, as: UTF8.self) == "{\n}\n")
    }

    @Test(arguments: ["config", "contentId", "diffIDs", "manifest", "reference", "platform"])
    func refusesALockWhoseDigestsOrNamesAreNone(member: String) throws {
        var lock = try Self.lock()
        lock[try ImageReference(Self.name), .linuxAMD64]?.manifest = Self.digest("m")
        let text = String(decoding: lock.document, as: UTF8.self)
        let content = try #require(lock[try ImageReference(Self.name), .linuxAMD64]?.contentID.hexadecimal)
        let damage = [
            "config": (Self.digest("1").description, "sha256:1"), "manifest": (Self.digest("m").description, "m"),
            "contentId": (content, "ab"), "diffIDs": (Self.digest("a").description, "sha256:A"),
            "reference": (Self.name, "Python"), "platform": ("linux/amd64", "linux amd64"),
        ]
        let (sound, damaged) = try #require(damage[member])
        let bytes = Array(text.replacing(sound, with: damaged).utf8)
        #expect(bytes != lock.document)
        #expect(inputsError { _ = try BaseLock.read(bytes, named: "lock") }?.kind == .damagedDocument)
    }

    @Test func fallsBackToTheWholeContextForWhatItDoesNotKnow() async throws {
        let dockerfile = "FROM scratch\nCOPY --new-flag a /\n"
        try await Project.with(["a": "1", "b": "2"], dockerfile: "# syntax=docker/dockerfile:1\n" + dockerfile) {
            (project) async throws in
            let inputs = try project.inputs()
            #expect(inputs.record.isOpaque)
            #expect(inputs.paths.contains("b"))
            #expect(inputs.marks.first?.reason.hasPrefix("Dockerfile:3") == true)
            try project.write("Dockerfile", dockerfile)
            let error = inputsError { _ = try project.inputs() }
            #expect(error?.kind == .recipe)
            #expect(error?.description.contains("Dockerfile:2") == true)
        }
        try await Project.with(["a": "1"]) { (project) async throws in
            #expect(try project.inputs { $0.platform = Platform(os: "windows", architecture: "amd64") }.record.isOpaque)
            #expect(try project.inputs { $0.hasNamedContexts = true }.record.isOpaque)
        }
    }
}
