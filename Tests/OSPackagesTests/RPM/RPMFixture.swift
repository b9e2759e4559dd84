import OSPackages
import OSTemplate
import Synchronization
import SystemPackage
import TestSupport

/// A signed repository made by hand, and a source that reads it.
struct RPMFixture {
    static let provider = Provider(os: "test-linux", dist: "1", arch: "x86_64", family: .rpm)
    /// What makes such a repository, and what reads it.
    static let isAvailable = Requirements.tools(
        "dnf", "rpm", "rpmkeys", "gpgv", "gpg", "gpgconf", "unshare", "rpmbuild", "rpmsign", "createrepo_c")

    let sandbox: Sandbox
    let source: RPMSource
    let lines = Lines()

    /// Lines of a log.
    final class Lines: Sendable {
        private let lines = Mutex<[String]>([])
        var all: [String] { lines.withLock { $0 } }
        func add(_ line: String) { lines.withLock { $0.append(line) } }
    }

    init(_ sandbox: Sandbox) {
        self.sandbox = sandbox
        source = RPMSource(
            stateFolder: sandbox.path("state"), environment: sandbox.environment, log: { [lines] in lines.add($0) })
    }

    static func with(_ body: (RPMFixture) async throws -> Void) async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.makeRPMRepository()
            try await body(RPMFixture(sandbox))
        }
    }

    func repository(
        _ trust: PackageRepository.Trust? = nil, url: String? = nil, allow: [String] = []
    ) -> PackageRepository {
        PackageRepository(
            codename: "tests", url: url ?? "file://\(sandbox.path("repo"))",
            trust: trust ?? .keyring(sandbox.path("key.asc")), allowPackages: allow)
    }

    func request(
        _ repositories: [PackageRepository]? = nil, base: [String] = ["alpha"], extras: [String] = ["delta"]
    ) -> PackageRequest {
        PackageRequest(
            provider: Self.provider, repositories: repositories ?? [repository()], base: base, extras: extras)
    }

    /// Resolves, and gives the error where there is one.
    func refusal(_ request: PackageRequest, isOffline: Bool = false) async throws -> PackageError? {
        do {
            _ = try await source.resolve(request, isOffline: isOffline)
            return nil
        } catch let error as PackageError {
            return error
        }
    }

    /// Replaces a byte of a file.
    func flip(_ file: String, at place: Int) throws {
        var bytes = try sandbox.read(file)
        bytes[place] ^= 0x20
        try sandbox.write(file, bytes: bytes)
    }
}
