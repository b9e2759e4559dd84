import Hashing
import OSPackages
import OSTemplate
import SystemPackage
import TestSupport
import Testing

@testable import OSComposer

/// The lock file: what is written is read again, and nothing else is taken for one.
@Suite struct LockFileTests {
    static func package(_ name: String, _ version: String, size: Int64 = 10, depends: [String] = []) -> Package {
        Package(
            name: name, version: version, architecture: "amd64",
            fileName: "\(name)_\(version.replacing(":", with: "%3a"))_amd64.deb",
            url: "http://mirror.example/\(name)_\(version)_amd64.deb", size: size,
            sha256: SHA256Digest(of: "\(name) \(version)".utf8), depends: depends)
    }

    static let lock = LockFile(
        request: SHA256Digest(of: "request".utf8), provider: "debian-bookworm-amd64",
        resolution: Resolution(
            base: [package("base-files", "12.4")], extras: [package("vim", "2:9.0", depends: ["base-files"])],
            indexes: [
                .init(
                    url: "http://mirror.example/InRelease", sha256: SHA256Digest(of: "index".utf8), signers: ["AB12"])
            ]))

    @Test func whatIsWrittenIsReadAgain() async throws {
        try await Sandbox.with { sandbox in
            let path = sandbox.path("edge.lock.json")
            let isFirst = try Self.lock.write(path)
            let read = try LockFile.read(path)
            let isAgain = try Self.lock.write(path)
            #expect(isFirst && !isAgain && read == Self.lock)
        }
    }

    @Test func aTemplateHasItsLockBesideIt() {
        #expect(LockFile.path(for: "os/edge.yml") == "os/edge.lock.json")
        #expect(LockFile.path(for: "edge.v2.yaml") == "edge.v2.lock.json")
    }

    @Test(arguments: [
        ("", "cannot read"), ("[]", "no version"), ("{\"version\": 2}", "of version 2"),
        ("{\"version\": 1}", "missing"), ("{\"version\": 1", "cannot read"),
    ])
    func whatIsNoLockIsRefused(text: String, words: String) async throws {
        try await Sandbox.with { sandbox in
            try sandbox.write("x.lock.json", text)
            let error = #expect(throws: ComposerError.self) { try LockFile.read(sandbox.path("x.lock.json")) }
            #expect(error?.description.contains(words) == true)
        }
    }

    @Test(arguments: ["../../etc/passwd", "/etc/passwd", "", ".hidden", "-rf", "a b", "ü.deb"])
    func aFileNameThatLeavesTheCacheIsRefused(name: String) async throws {
        try await Sandbox.with { sandbox in
            var lock = Self.lock
            lock.resolution.base[0].fileName = name
            try sandbox.write("x.lock.json", lock.text)
            let error = #expect(throws: ComposerError.self) { try LockFile.read(sandbox.path("x.lock.json")) }
            #expect(error?.kind == .corrupt)
        }
    }

    @Test func differencesHaveOneLineACause() {
        var new = Self.lock.resolution
        new.extras = [Self.package("vim", "2:9.1"), Self.package("curl", "8")]
        new.base = []
        new.indexes[0].signers = ["CD34"]
        #expect(
            ResolutionDifference.lines(from: Self.lock.resolution, to: new) == [
                "- base-files 12.4", "+ curl 8", "vim 2:9.0 → 2:9.1", "the keys of the repositories changed",
            ])
        #expect(ResolutionDifference.lines(from: new, to: new) == [])
        var bytes = Self.lock.resolution
        bytes.base[0].sha256 = .zero
        #expect(
            ResolutionDifference.lines(from: Self.lock.resolution, to: bytes) == ["base-files 12.4: other bytes"])
    }

    @Test(arguments: ["-oDPkg::Pre-Install-Pkgs::=x", "a,b", "a b", "", "ü", "a/b"])
    func aNameThatAProgramWouldReadOtherwiseIsRefused(name: String) async throws {
        try await Sandbox.with { sandbox in
            for part in 0..<3 {
                var lock = Self.lock
                if part == 0 { lock.resolution.base[0].name = name }
                if part == 1 { lock.resolution.base[0].version = name }
                if part == 2 { lock.resolution.base[0].architecture = name }
                try sandbox.write("x.lock.json", lock.text)
                let error = #expect(throws: ComposerError.self) { try LockFile.read(sandbox.path("x.lock.json")) }
                #expect(error?.kind == .corrupt)
            }
        }
    }

    /// A lock with one package and the index of one suite.
    private static func lock(_ package: String, index: String = "http://mirror.example/debian/dists/bookworm/InRelease")
        -> LockFile
    {
        var lock = Self.lock
        lock.resolution.extras = []
        lock.resolution.base[0].url = package
        lock.resolution.indexes[0].url = index
        return lock
    }

    @Test(arguments: [
        // As it is; from another mirror of the suite; from a local repository.
        ("http://mine.example/debian/pool/a.deb", "http://mine.example/debian/pool/a.deb"),
        ("http://mirror.example/debian/pool/a.deb", "http://mine.example/debian/pool/a.deb"),
        ("file:///srv/mine/a.deb", "file:///srv/mine/a.deb"), ("file:/srv/mine/a.deb", "file:/srv/mine/a.deb"),
        // Of nobody's, or beside what is ours.
        ("http://evil.example/a.deb", nil), ("http://mine.example/debian-evil/a.deb", nil), ("file:/etc/a.deb", nil),
        ("http://mine.example/debian/../evil/a.deb", nil), ("http://mirror.example/debian/../evil/a.deb", nil),
        ("file:///srv/mine/../../etc/a.deb", nil),
    ])
    func packagesComeFromRepositoriesOfTheTemplateAlone(url: String, fetched: String?) throws {
        let repositories = [
            PackageRepository(codename: "bookworm", url: "http://mine.example/debian", trust: .unchecked),
            PackageRepository(codename: "./", url: "file:///srv/mine", trust: .unchecked),
        ]
        guard let fetched else {
            let error = #expect(throws: ComposerError.self) {
                try Self.lock(url).bound(to: repositories, named: "x.lock.json")
            }
            #expect(error?.kind == .corrupt && error?.hint?.contains("--refresh") == true)
            return
        }
        let resolution = try Self.lock(url).bound(to: repositories, named: "x.lock.json")
        #expect(resolution.base[0].url == fetched)
    }
}
