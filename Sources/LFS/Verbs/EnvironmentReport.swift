import Git

/// What `git lfs env` prints, as git-lfs 3.3.0 writes it; passwords as `***`.
public struct EnvironmentReport {
    private let repository: Repository
    private let client: LFSClient

    /// Looks at a repository.
    public init(_ repository: Repository) throws {
        self.repository = repository
        client = try LFSClient(repository)
    }

    /// All lines.
    ///
    /// - Parameter version: The first line, which names the program.
    nonisolated(nonsending) public func lines(version: String) async throws -> [String] {
        let git = GitProgram(in: repository.workTree ?? repository.gitDirectory, environment: repository.environment)
        let text = try await git.run(["version"]).map { String(decoding: $0.output, as: UTF8.self) } ?? "git is missing"
        let references = client.store.references.map(\.string).joined(separator: ", ")
        let places = [
            "LocalWorkingDir=\(repository.workTree?.string ?? "")", "LocalGitDir=\(repository.gitDirectory.string)",
            "LocalGitStorageDir=\(repository.commonDirectory.string)", "LocalMediaDir=\(client.store.objects.string)",
            "LocalReferenceDirs=\(references)", "TempDir=\(client.store.temporary.string)",
        ]
        return [version, String(text.prefix { !$0.isNewline }), ""] + endpointLines + places + settingLines
            + variableLines + filterLines
    }

    /// The variables of Git; what may hold a login is not shown.
    var variableLines: [String] {
        repository.environment.filter { $0.key.hasPrefix("GIT_") }.sorted { $0.key < $1.key }.map { name, value in
            let isSecret = name == "GIT_CONFIG_PARAMETERS" || name.hasPrefix("GIT_CONFIG_VALUE_")
            return "\(name)=\(isSecret ? "***" : Endpoint.withoutPassword(value))"
        }
    }

    /// The filters that Git runs.
    var filterLines: [String] {
        ["process", "smudge", "clean"].map {
            "git config filter.lfs.\($0) = \"\(client.configuration.git.string("filter.lfs.\($0)") ?? "")\""
        }
    }

    /// `Endpoint=…` for the default remote and each other one, `  SSH=…` below those that are reached so.
    public var endpointLines: [String] {
        let finder = client.finder
        let standard = finder.defaultRemote(for: .download)
        var lines: [String] = []
        func add(_ label: String, _ endpoint: Endpoint?) {
            guard let endpoint, !endpoint.url.isEmpty else { return }
            lines.append("\(label)=\(Endpoint.withoutPassword(endpoint.url)) (auth=\(access(endpoint)))")
            if let ssh = endpoint.ssh { lines.append("  SSH=\(ssh)") }
        }
        add("Endpoint", finder.endpoint(for: .download))
        for remote in finder.remotes where remote != standard {
            add("Endpoint (\(remote))", finder.remoteEndpoint(remote, for: .download))
        }
        return lines
    }

    /// The settings of transfers, fetching and pruning.
    public var settingLines: [String] {
        let configuration = client.configuration
        let recency = Recency(configuration)
        func flag(_ name: String, _ fallback: Bool) -> Bool { configuration.bool(name) ?? fallback }
        return [
            "ConcurrentTransfers=\(client.concurrency)", "TusTransfers=\(flag("lfs.tustransfers", false))",
            "BasicTransfersOnly=\(flag("lfs.basictransfersonly", false))",
            "SkipDownloadErrors=\(flag("lfs.skipdownloaderrors", false))",
            "FetchRecentAlways=\(flag("lfs.fetchrecentalways", false))", "FetchRecentRefsDays=\(recency.refDays)",
            "FetchRecentCommitsDays=\(recency.commitDays)", "FetchRecentRefsIncludeRemotes=\(recency.includesRemotes)",
            "PruneOffsetDays=\(recency.pruneOffset)",
            "PruneVerifyRemoteAlways=\(flag("lfs.pruneverifyremotealways", false))",
            "PruneRemoteName=\(configuration.string("lfs.pruneremotetocheck") ?? "origin")",
            "LfsStorageDir=\(client.store.root.string)",
            "AccessDownload=\(client.finder.endpoint(for: .download).map(access) ?? "none")",
            "AccessUpload=\(client.finder.endpoint(for: .upload).map(access) ?? "none")",
            "DownloadTransfers=basic,lfs-standalone-file", "UploadTransfers=basic,lfs-standalone-file",
        ]
    }

    private func access(_ endpoint: Endpoint) -> String {
        client.configuration.string("lfs", "access", for: endpoint.accessURL)?.lowercased() ?? "none"
    }
}
