import Hashing
import OSPackages
import OSTemplate
import SystemCalls
import SystemPackage
import TestSupport

/// Packages of a test: bytes in a folder, which no apt has to look at.
struct HandMadePackages: PackageSource {
    static let tools: [HostTool] = []

    /// The folder of the files.
    let folder: FilePath
    /// Counts the files that were fetched, a byte in a file for each.
    let log: FilePath
    /// How long a fetch takes.
    var delay: Duration = .zero

    /// Makes a package with a content.
    static func package(_ name: String, _ content: [UInt8], depends: [String] = []) -> Package {
        Package(
            name: name, version: "1", architecture: "all", fileName: "\(name)_1_all.deb", url: "file:/\(name)",
            size: Int64(content.count), sha256: SHA256Digest(of: content), depends: depends)
    }

    func resolve(_ request: PackageRequest, isOffline: Bool) async throws -> Resolution {
        Resolution(base: [], extras: [], indexes: [])
    }

    func fetch(_ packages: [Package], into target: FilePath, workers: Int) async throws {
        try await Task.sleep(for: delay)
        let log = try AppendingLog(log)
        for package in packages {
            guard let bytes = try Files.readPlain(folder.appending(package.fileName)) else { continue }
            try Files.replace(target.appending(package.fileName), with: bytes)
            try log.add(package.name)
        }
    }

    func complaint(about file: FilePath, package: Package) async throws -> String? {
        package.name.hasPrefix("unsigned") ? "nobody signed it" : nil
    }

    private struct AppendingLog {
        let descriptor: FileDescriptor

        init(_ path: FilePath) throws {
            descriptor = try FileDescriptor.open(
                path, .writeOnly, options: [.create, .append], permissions: [.ownerReadWrite])
        }

        func add(_ name: String) throws { try descriptor.writeAll("\(name)\n".utf8) }
    }
}

/// A cache, a source of packages and the sandbox that they lie in.
struct HandMadeCache: Sendable {
    let sandbox: Sandbox
    var source: HandMadePackages
    let packages: [Package]

    /// Makes packages of the names, each with a content of its own of about a kilobyte.
    init(_ names: [String] = ["a", "b", "c"], in sandbox: Sandbox) throws {
        self.sandbox = sandbox
        try Files.createDirectories(sandbox.path("mirror"))
        source = HandMadePackages(folder: sandbox.path("mirror"), log: sandbox.path("fetched"))
        var packages: [Package] = []
        for name in names {
            let content = Self.content(name)
            let package = HandMadePackages.package(name, content)
            try sandbox.write("mirror/\(package.fileName)", bytes: content)
            packages.append(package)
        }
        self.packages = packages
    }

    static func content(_ name: String) -> [UInt8] {
        (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ name.utf8.reduce(7) { $0 &* 33 &+ Int($1) }) }
    }

    /// The names of the packages that were fetched, in their order.
    func fetched() -> [String] { ((try? sandbox.text("fetched")) ?? "").split(separator: "\n").map(String.init) }

    /// Has packages in a cache of the sandbox.
    func ensure(
        _ packages: [Package]? = nil, in cache: PackageCache? = nil, isOffline: Bool = false
    ) async throws -> FetchReport {
        try await (cache ?? self.cache()).ensure(
            packages ?? self.packages, from: source, isOffline: isOffline, workers: 2)
    }

    func cache(now: Int64 = 1_000_000_000) -> PackageCache {
        PackageCache(folder: sandbox.path("cache"), clock: { now })
    }

    func path(_ package: Package) -> FilePath { sandbox.path("cache").appending(package.fileName) }
}
