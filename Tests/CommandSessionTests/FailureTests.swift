import Archive
import CommandSession
import Configuration
import Console
import Dockerfile
import Engines
import Git
import HTTP
import Hashing
import ImageCache
import JSON
import LFS
import OCI
import Records
import Registry
import SystemCalls
import SystemPackage
import Testing

@testable import Programs

/// Every error of a module ends in one line that says what cannot be done, and in its own exit code.
@Suite struct FailureTests {
    /// An error, the exit code it stands for, and the beginning of its line.
    struct Case: Sendable, CustomTestStringConvertible {
        let error: any Error
        let code: ExitCode
        let message: String
        var hint: String?

        init(_ error: any Error, _ code: ExitCode, _ message: String, hint: String? = nil) {
            (self.error, self.code, self.message, self.hint) = (error, code, message, hint)
        }

        var testDescription: String { message }
    }

    private static let digest = SHA256Digest(of: [])
    private static let linux = Platform(os: "linux", architecture: "amd64")

    static let cacheErrors: [Case] = [
        Case(
            CacheError.locked(path: "/l", holder: 7, seconds: 5), .locked,
            "cannot lock /l: process 7 did not release it within 5 s",
            hint: "wait for it, or give --lock-timeout more seconds"),
        Case(
            CacheError.entryMissing(image: "a:b", reason: "none"), .stale, "cannot load a:b: none",
            hint: "cache-image update a:b"),
        Case(
            CacheError.entryCorrupt(image: "a:b", reason: "no"), .corrupt, "cannot load a:b: no",
            hint: "cache-image update a:b"),
        Case(
            CacheError.placeTaken(image: "a:b", folder: "x"), .corrupt, "cannot store the entry of a:b: x is a folder"),
        Case(
            CacheError.foreignPlatform(verb: "save", object: "a:b", found: linux, expected: linux), .failed,
            "cannot save a:b: it is an image for linux/amd64"),
        Case(CacheError.entryStale(image: "a:b", key: "k"), .stale, "cannot use the entry of a:b: it was not made"),
        Case(
            CacheError.imageNotInEngine(image: "a:b", engine: "podman"), .failed,
            "cannot save a:b: podman has no such image", hint: "cache-image build a:b"),
        Case(
            CacheError.savedForOtherKey(image: "a:b", imageID: digest, builtFor: digest, key: digest), .failed,
            "cannot save a:b: image e3b0c44298fc was built for key e3b0c44298fc"),
        Case(
            CacheError.unexpectedConfiguration(image: "a:b", differences: ["d", "e"]), .buildFailed,
            "cannot store a:b: its configuration is not the one of the Dockerfile: d"),
        Case(
            CacheError.secretInImage(image: "a:b", secret: "TOKEN", place: "history"), .failed,
            "cannot store a:b: its history holds the value of the secret TOKEN"),
        Case(
            CacheError.notCached(image: "a:b"), .usage, "cannot use an entry of a:b: it is declared with cache: false"),
        Case(
            CacheError.needsRepository(verb: "push", folder: "/f"), .notARepository, "cannot push in /f: it is not in"),
        Case(CacheError.notTrusted([]), .usage, "cannot use "),
        Case(
            CacheError.baseFailed(image: "a:b", base: "c:d", CacheError.notCached(image: "c:d")), .usage,
            "cannot build a:b: its base image c:d failed: cannot use an entry of c:d"),
        Case(
            CacheError.noEntryAtRevision(image: "a:b", revision: "v1"), .stale, "cannot load a:b as of v1: that commit"),
    ]

    static let moduleErrors: [Case] = [
        Case(Failure(.network, "cannot a b: c", hint: "d"), .network, "cannot a b: c", hint: "d"),
        Case(ConfigurationError("cannot use x: y", hint: "z"), .usage, "cannot use x: y", hint: "z"),
        Case(InputsError(.recipe, "cannot read Dockerfile:1: x"), .usage, "cannot read Dockerfile:1: x"),
        Case(InputsError(.missingObjects([]), "cannot x"), .objectUnavailable, "cannot x"),
        Case(InputsError(.changedWhileRead, "cannot x"), .failed, "cannot x"),
        Case(InputsError(.newerAlgorithm, "cannot x"), .usage, "cannot x", hint: "upgrade cache-image"),
        Case(InputsError(.conflictMarkers, "cannot x"), .stale, "cannot x"),
        Case(InputsError(.damagedDocument, "cannot x"), .corrupt, "cannot x"),
        Case(InputsError(.tooLarge, "cannot x"), .quota, "cannot x"),
        Case(
            EngineError(.notFound, "cannot find an engine: none"), .noEngine, "cannot find an engine: none",
            hint: "install podman, or name another engine with --engine"),
        Case(EngineError(.unreachable, "cannot reach docker: x", hint: "y"), .noEngine, "cannot reach", hint: "y"),
        Case(EngineError(.buildFailed(step: nil), "cannot build x: y"), .buildFailed, "cannot build x: y"),
        Case(EngineError(.noSuchImage, "cannot x"), .failed, "cannot x"),
        Case(EngineError(.hung, "cannot x"), .failed, "cannot x"),
        Case(ArchiveError(.corrupt, "cannot read a.tar: x"), .corrupt, "cannot read a.tar: x"),
        Case(ArchiveError(.selection, "cannot x"), .failed, "cannot x"),
        Case(ArchiveError(SystemError("read", "f", .ioError)), .failed, "cannot read f: Input/output error"),
        Case(
            LFSError(.missing, "fetch", "x", "it is gone"), .objectUnavailable, "cannot fetch x: it is gone",
            hint: "cache-image push in a clone that has it, or cache-image build here"),
        Case(LFSError(.corrupt, "read", "x", "y"), .corrupt, "cannot read x: y"),
        Case(LFSError(.authentication, "log in to", "x", "y"), .authentication, "cannot log in to x: y"),
        Case(LFSError(.quota, "push", "x", "y"), .quota, "cannot push x: y"),
        Case(LFSError(.network, "reach", "x", "y"), .network, "cannot reach x: y"),
        Case(LFSError(.configuration, "use", "x", "y"), .usage, "cannot use x: y"),
        Case(LFSError(.locked, "push", "x", "y"), .failed, "cannot push x: y"),
        Case(RegistryError(.unreachable, "x", "y"), .network, "cannot "),
        Case(RegistryError(.authentication, "x", "y"), .authentication, "cannot "),
        Case(RegistryError(.missing, "x", "y"), .failed, "cannot "),
        Case(RegistryError(.corrupt, "x", "y"), .corrupt, "cannot "),
        Case(RegistryError(.tooLarge, "x", "y"), .quota, "cannot "),
        Case(GitError(.notStaged, "stage", "x", "y"), .notStaged, "cannot stage x: y"),
        Case(GitError(.notOwned, "use", "x", "y"), .usage, "cannot use x: y"),
        Case(GitError(.tooLarge, "read", "x", "y"), .quota, "cannot read x: y"),
        Case(GitError(.failed, "read", "x", "y"), .failed, "cannot read x: y"),
        Case(OCIError("the name A", "x"), .usage, "cannot read the name A: x"),
        Case(MissingLibrary(.yaml, reason: "no file"), .usage, "cannot load libyaml: no file"),
        Case(SystemError("open", "f", .permissionDenied), .failed, "cannot open f: Permission denied"),
    ]

    /// Errors that their own modules turn into others before they leave: none says less where it escapes after all.
    static func escaped() -> [Case] {
        var cases = [
            Case(HTTPError(.connect, "reach http://h", "refused"), .failed, "cannot reach http://h: refused"),
            Case(
                DockerfileError("unknown instruction", line: 3), .failed,
                "cannot read Dockerfile:3: unknown instruction"),
            Case(ProgramError(program: "git", reason: "no such file"), .failed, "cannot run git: no such file"),
        ]
        func add(_ code: ExitCode, _ message: String, _ body: () throws -> Void) {
            do { try body() } catch { cases.append(Case(error, code, message)) }
        }
        add(.corrupt, "cannot read a document: ") { _ = try JSONValue(parsing: "{".utf8) }
        add(.usage, "cannot read an image's name: invalid reference format") { _ = try ImageReference("a//b") }
        add(.usage, "cannot read a platform: expected") { _ = try Platform(reading: "a/b/c/d/e", .all) }
        return cases
    }

    @Test(arguments: cacheErrors + moduleErrors + escaped())
    func anErrorIsOneLineWithItsCode(_ expected: Case) {
        let failure = Failure(describing: expected.error)
        #expect(failure.code == expected.code)
        #expect(failure.message.hasPrefix(expected.message), "\(failure.message)")
        #expect(failure.message.hasPrefix("cannot ") && !failure.message.hasPrefix("cannot go on"))
        #expect(!failure.message.contains("\n") && !failure.message.hasSuffix("."))
        if let hint = expected.hint { #expect(failure.hint == hint) }
    }

    @Test func everyErrorThatEscapesIsTried() {
        #expect(Self.escaped().count == 6)
    }

    @Test func anErrorOfNoModuleIsShownAsItIs() {
        struct Other: Error, CustomStringConvertible { let description = "a surprise" }
        #expect(Failure(describing: Other()) == Failure(.failed, "cannot go on: a surprise"))
    }
}
