import SystemCalls
import SystemPackage

extension PackageCache {
    /// Has every package in the folder, whole: looks at each, removes what is damaged, fetches what is missing.
    ///
    /// Whoever calls holds the shared lock (`hold`) for as long as the files are used. Two that need the same package
    /// fetch it once.
    ///
    /// - Parameters:
    ///   - source: Fetches; nil as if offline, and nobody is asked about signatures.
    ///   - isOffline: Whether nothing may be fetched.
    ///   - workers: How many processes fetch at once.
    ///   - progress: Gets the bytes that are fetched and those that there are to fetch, some times a second.
    /// - Throws: `PackageError`: `.offline` or `.network` for what is missing, `.untrusted` where what a server gave
    ///   is not what the index says. What could be fetched stays. `CancellationError`.
    public func ensure(
        _ packages: [Package], from source: (any PackageSource)?, isOffline: Bool, workers: Int,
        progress: (@Sendable (Int64, Int64) -> Void)? = nil
    ) async throws -> FetchReport {
        try await PackageError.wrapping {
            try Self.check(packages)
            try Files.createDirectories(folder)
            let using = try await OpenFileLock.wait(for: useLock, .shared)
            defer { using.release() }
            var report = FetchReport()
            let checks = try await PackageCheck.all(packages, in: folder, source: source)
            report.cached = packages.filter { checks[$0] == .whole }
            let others = packages.filter { checks[$0] != .whole }
            if !others.isEmpty {
                let fetching = try await hold(.exclusive)
                defer { fetching.release() }
                try await complete(
                    others, from: isOffline ? nil : source, asking: source, workers: workers, progress, &report)
            }
            try await noteUse(of: packages)
            return report
        }
    }

    /// Refuses what cannot be the name of a file here; a lock file may come from anybody.
    private static func check(_ packages: [Package]) throws(PackageError) {
        var names: Set<String> = []
        for package in packages {
            guard PackageIndex.isFileName(package.fileName), names.insert(package.fileName).inserted else {
                throw PackageError(
                    .untrusted,
                    "cannot use \(Printable.quoted(Printable.escaped(package.fileName))): "
                        + "it is not the name of a package's file, or there are two of them",
                    hint: "resolve the packages anew: --refresh")
            }
        }
    }

    /// Fetches what is missing or damaged, under the lock: somebody else may have done so meanwhile.
    private func complete(
        _ packages: [Package], from source: (any PackageSource)?, asking judge: (any PackageSource)?, workers: Int,
        _ progress: (@Sendable (Int64, Int64) -> Void)?, _ report: inout FetchReport
    ) async throws {
        removeLeftovers()
        let checks = try await PackageCheck.all(packages, in: folder, source: judge)
        var wanted: [Package] = []
        for package in packages {
            switch checks[package] ?? .missing {
            case .whole:
                report.cached.append(package)
                continue
            case .missing: break
            case .invalid(let reason):
                try Files.removeTree(folder.appending(package.fileName))
                report.replaced.append((package, reason))
            }
            wanted.append(package)
        }
        report.cached.sort { $0.fileName < $1.fileName }
        if wanted.isEmpty { return }
        guard let source else {
            try await noteUse(of: report.cached)
            throw PackageError(
                .offline,
                "cannot fetch \(Self.names(wanted)): the build is offline"
                    + (report.replaced.isEmpty ? "" : " (\(report.replaced.count) were damaged, and removed)"),
                hint: "build once without --offline")
        }
        let failures = try await fetch(wanted, from: source, workers: workers, progress, &report)
        if failures.isEmpty { return }
        try await noteUse(of: report.cached + report.downloaded)
        let untrusted = failures.first { $0.reason != Self.notFetched }
        throw PackageError(
            untrusted == nil ? .network : .untrusted,
            "cannot fetch \(Self.names(failures.map(\.package))): \(untrusted?.reason ?? Self.notFetched)",
            hint: "try again, or another mirror; --refresh asks for the newest packages. The others are in the cache.")
    }

    /// Says of a package that its server did not give it.
    static let notFetched = "the server did not give it, or only a part"

    /// Up to five names, and how many more there are.
    static func names(_ packages: [Package]) -> String {
        let names = packages.prefix(5).map { Printable.escaped($0.fileName) }.joined(separator: ", ")
        return packages.count > 5 ? "\(names) and \(packages.count - 5) more" : names
    }
}
