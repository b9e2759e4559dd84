import OSTemplate
import SystemCalls
import SystemPackage

extension AptSource {
    /// Fetches packages into a folder under their file names, `workers` processes at once.
    ///
    /// What cannot be fetched is left out, and the rest is fetched all the same; whoever calls looks at each file. The
    /// processes end with the task.
    ///
    /// - Throws: `PackageError` where no process could be started; `CancellationError`.
    public func fetch(_ packages: [Package], into folder: FilePath, workers: Int) async throws {
        try await PackageError.wrapping {
            try Files.createDirectories(stateFolder)
            let root = try await fetchingRoot()
            let variables = childEnvironment(root)
            try await withThrowingTaskGroup(of: String?.self) { group in
                for batch in Self.batches(of: packages.filter(isFetchable), workers: workers) {
                    let orders = batch.map {
                        AptHelper.Order(url: $0.url, file: folder.appending($0.fileName), sha256: $0.sha256)
                    }
                    group.addTask {
                        let result = try await AptHelper.download(orders, in: root, environment: variables)
                        return result.isSuccess ? nil : AptFailure.reason(in: result)
                    }
                }
                for try await failure in group {
                    if let failure { log("a package could not be fetched: \(failure)") }
                }
            }
        }
    }

    /// Whether a package has an address that apt-helper may be given; a lock file may come from anybody.
    private func isFetchable(_ package: Package) -> Bool {
        let url = package.url
        let isAddress =
            ["http://", "https://", "file:/"].contains { url.hasPrefix($0) }
            && url.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        if !isAddress {
            log("\(Printable.escaped(package.fileName)) has no address of http, https or file")
        }
        return isAddress
    }

    /// A root that only fetches, so that it needs no repositories.
    private func fetchingRoot() async throws -> FilePath {
        let folder = stateFolder.appending("fetch")
        for part in ["lists/partial", "cache/archives/partial", "home", "sources.list.d", "preferences.d"] {
            try Files.createDirectories(folder.pushing(FilePath(part)))
        }
        try Files.replace(folder.appending("status"), with: [])
        let settings = AptConfiguration.text(for: folder, architecture: "all") + (try await hostSettings())
        try Files.replace(folder.appending("apt.conf"), with: Array(settings.utf8))
        return folder
    }

    /// Packages in as many groups as there are workers, or more where a command line would be too long; each of about
    /// the same size.
    static func batches(of packages: [Package], workers: Int) -> [[Package]] {
        var batches = [[Package]](repeating: [], count: max(1, min(workers, 256, packages.count)))
        var sizes = [Int64](repeating: 0, count: batches.count)
        for package in packages.sorted(by: { ($1.size, $0.fileName) < ($0.size, $1.fileName) }) {
            let target = sizes.indices.min { sizes[$0] < sizes[$1] } ?? 0
            batches[target].append(package)
            sizes[target] &+= max(1, package.size)
        }
        return batches.flatMap { batch in
            stride(from: 0, to: batch.count, by: 1000).map { Array(batch[$0..<min($0 + 1000, batch.count)]) }
        }
    }
}
