import Hashing
import OSTemplate
import Programs
import SystemCalls
import SystemPackage

/// Packages of the deb family, resolved and fetched by apt in a root of its own: nothing of this machine's own apt
/// counts but its proxies, its certificates and its logins.
public struct AptSource: PackageSource {
    /// The folder of apt's configuration, keys and indexes, one folder below it for each set of repositories.
    public let stateFolder: FilePath
    let environment: [String: String]
    let log: @Sendable (String) -> Void

    /// Names the way to packages; nothing is read or made yet.
    ///
    /// - Parameters:
    ///   - stateFolder: A folder for this alone; made where it is missing.
    ///   - environment: Where PATH and the proxies are taken from.
    ///   - log: Gets a line for each step that takes long.
    public init(
        stateFolder: FilePath, environment: [String: String], log: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.stateFolder = stateFolder
        self.environment = environment
        self.log = log
    }

    /// apt's programs and gpgv.
    public static let tools: [HostTool] = [
        HostTool("apt-get", package: "apt"), HostTool("apt-cache", package: "apt"),
        HostTool("apt-config", package: "apt"), HostTool("dpkg", package: "dpkg"), HostTool("gpgv", package: "gpgv"),
    ]

    /// Finds the packages that a request comes to.
    ///
    /// The base set is resolved by itself; the whole set contains it, version by version. Recommended packages are not
    /// installed. `Valid-Until` counts.
    ///
    /// - Throws: `PackageError`; `CancellationError`.
    public func resolve(_ request: PackageRequest, isOffline: Bool) async throws -> Resolution {
        try await PackageError.wrapping {
            try AptWords.check(request)
            try Files.createDirectories(stateFolder)
            let held = try await OpenFileLock.wait(for: stateFolder.appending(".lock"), .exclusive)
            defer { held.release() }
            let root = try await AptRoot.prepare(request, for: self, isOffline: isOffline)
            let indexes = try await indexes(of: root, isOffline: isOffline)
            log("resolving \(request.base.count + request.extras.count) packages and patterns")
            let base = try await closure(of: request.base, in: root)
            var all = base
            if !request.extras.isEmpty {
                all = try await closure(of: base.map { "\($0.name)=\($0.version)" } + request.extras, in: root)
            }
            all = try await described(all, in: root)
            let names = Set(base.map(\.fileName))
            return Resolution(
                base: all.filter { names.contains($0.fileName) }, extras: all.filter { !names.contains($0.fileName) },
                indexes: indexes)
        }
    }

    /// Nothing: size and digest of a deb come from a signed index.
    public func complaint(about file: FilePath, package: Package) async throws -> String? { nil }

    /// The indexes of a root, up to date where the build is online; those that were damaged here are fetched again.
    private func indexes(of root: AptRoot, isOffline: Bool) async throws -> [Resolution.SignedIndex] {
        if isOffline { return try await root.signedIndexes(isOffline: true) }
        try await update(root)
        do {
            return try await root.signedIndexes(isOffline: false)
        } catch let error as PackageError where error.kind == .untrusted {
            log("\(error.description); fetching the indexes again")
            try root.forgetIndexes()
            try await update(root)
            return try await root.signedIndexes(isOffline: false)
        }
    }

    /// Brings the indexes up to date.
    private func update(_ root: AptRoot) async throws {
        for repository in root.request.repositories {
            log("asking \(Printable.escaped(repository.url)) for \(Printable.escaped(repository.codename))")
        }
        let result = try await root.run("apt-get", ["-qq", "update"])
        if !result.isSuccess { throw AptFailure.ofUpdate(result) }
    }

    /// The packages that apt would install on an empty system, sorted by file name.
    private func closure(of words: [String], in root: AptRoot) async throws -> [Package] {
        if words.isEmpty { return [] }
        let result = try await root.run("apt-get", ["install", "-q", "--yes", "--print-uris", "--"] + words)
        if !result.isSuccess {
            throw try await AptFailure.ofResolving(result) { try await root.packageNames() }
        }
        return try AptPrintedURIs.packages(in: result.output)
    }

    /// The packages with what their stanzas in the index say.
    private func described(_ packages: [Package], in root: AptRoot) async throws -> [Package] {
        if packages.isEmpty { return [] }
        // Words that it does not know make it fail, after it has written the stanzas of the others.
        let result = try await root.run(
            "apt-cache", ["show", "--"] + packages.map { "\($0.name)=\($0.version)" })
        return PackageRelations.describe(packages, stanzas: ControlStanza.all(in: result.output))
    }
}

extension PackageError {
    /// Runs work whose errors of files and programs become errors of packages.
    static func wrapping<Result>(_ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch let error as SystemError {
            throw PackageError(.file, error.description)
        } catch let error as ProgramError {
            try Task.checkCancellation()
            throw PackageError(.tool, error.description)
        }
    }
}
