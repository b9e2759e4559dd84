import SystemCalls
import SystemPackage

extension PackageCache {
    /// Removes what killed runs left; the caller holds the fetch lock, so whatever is there is left.
    func removeLeftovers() {
        for name in (try? Files.names(in: partial)) ?? [] { try? Files.removeTree(partial.appending(name)) }
    }

    /// Fetches packages into a folder of their own, looks at each, and moves the good ones into the cache.
    ///
    /// The files are not flushed to the disk: one that a crash damages is found on its next use.
    ///
    /// - Returns: Those that did not come, or came as something else.
    func fetch(
        _ packages: [Package], from source: any PackageSource, workers: Int,
        _ progress: (@Sendable (Int64, Int64) -> Void)?, _ report: inout FetchReport
    ) async throws -> [(package: Package, reason: String)] {
        try Files.createDirectories(partial, permissions: 0o755)
        guard try FileStatus.of(partial)?.kind == .directory else {
            throw PackageError(.file, "cannot use \(Printable.escaped(partial.string)): it is not a folder")
        }
        let total = FetchReport.bytes(of: packages)
        if let room = DiskSpace.of(partial)?.available, room < total {
            throw PackageError(
                .file,
                "cannot fetch packages into \(Printable.escaped(folder.string)): "
                    + "it has room for \(room >> 20) of \(total >> 20) MiB",
                hint: "make room there (image-composer cache clean), or choose another folder: --cache-dir")
        }
        let fresh = try Files.createTemporaryDirectory(in: partial)
        defer {
            try? Files.removeTree(fresh)
            Unfinished.forget(fresh)
        }
        var failure: PackageError?
        do {
            try await watching(packages, in: fresh, progress) {
                try await source.fetch(packages, into: fresh, workers: workers)
            }
        } catch let error as PackageError {
            // What came before it is kept.
            failure = error
        }
        try Task.checkCancellation()
        let checks = try await PackageCheck.all(packages, in: fresh, source: source)
        var failures: [(package: Package, reason: String)] = []
        for package in packages {
            switch checks[package] ?? .missing {
            case .whole:
                let target = folder.appending(package.fileName)
                try Files.rename(fresh.appending(package.fileName), to: target)
                report.downloaded.append(package)
            case .missing:
                // apt-helper puts a file with another digest aside under this name.
                let isOther = Files.exists(fresh.appending(package.fileName + ".FAILED"))
                failures.append((package, isOther ? "the server gave something else under its name" : Self.notFetched))
            case .invalid(let reason):
                let size = ((try? FileStatus.of(fresh.appending(package.fileName))) ?? nil)?.size ?? 0
                let isCut = size < package.size
                failures.append((package, isCut ? Self.notFetched : "what the server gave is damaged: \(reason)"))
            }
        }
        if let failure {
            try await noteUse(of: report.cached + report.downloaded)
            throw failure
        }
        return failures
    }

    /// Runs work and tells meanwhile how many bytes are in a folder.
    private func watching(
        _ packages: [Package], in fresh: FilePath, _ progress: (@Sendable (Int64, Int64) -> Void)?,
        _ work: () async throws -> Void
    ) async throws {
        guard let progress else { return try await work() }
        let total = FetchReport.bytes(of: packages)
        progress(0, total)
        let watch = Task {
            while !Task.isCancelled {
                try await Task.sleep(for: .milliseconds(200))
                progress(min(Self.bytes(of: packages, in: fresh), total), total)
            }
        }
        defer { watch.cancel() }
        try await work()
        progress(min(Self.bytes(of: packages, in: fresh), total), total)
    }

    private static func bytes(of packages: [Package], in folder: FilePath) -> Int64 {
        packages.map { package in
            let status = (try? FileStatus.of(folder.appending(package.fileName))) ?? nil
            return Size(min(status?.size ?? 0, package.size))
        }.total { $0 }.bytes
    }
}
