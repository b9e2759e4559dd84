import Git
import JSON
import SystemPackage

/// What `git lfs env` prints, as git-lfs 3.3.0 writes it; passwords as `***`.
public struct EnvironmentReport {
    private let repository: Repository
    private let client: LFSClient
    private let workTree: String

    /// Looks at a repository, from a folder; inside the Git folder there is no work tree.
    public init(_ repository: Repository, in folder: FilePath? = nil) throws {
        self.repository = repository
        let isInside = folder?.starts(with: repository.gitDirectory) ?? false
        workTree = isInside ? "" : repository.workTree?.string ?? ""
        client = try LFSClient(repository)
    }

    /// All lines.
    ///
    /// - Parameter version: The first line, which names the program.
    nonisolated(nonsending) public func lines(version: String) async throws -> [String] {
        [version, try await gitVersion(), ""] + endpointLines + placeLines + settingLines + variableLines + filterLines
    }

    /// The document of `--json`: the same names and values.
    nonisolated(nonsending) public func document(version: String) async throws -> JSONValue {
        func members(_ lines: [String]) -> JSONValue {
            .object(
                lines.map { line in
                    let name = line.prefix { $0 != "=" }
                    return .init(String(name), .string(String(line.dropFirst(name.count + 1))))
                })
        }
        let filters = ["clean", "smudge", "process"].map {
            JSONValue.Member($0, .string(client.configuration.git.string("filter.lfs.\($0)") ?? ""))
        }
        return [
            "version": .string(version), "git": .string(try await gitVersion()),
            "endpoints": .array(
                endpoints.map { item in
                    [
                        "remote": item.remote.map { .string($0) } ?? .null,
                        "url": .string(Endpoint.withoutPassword(item.endpoint.url)),
                        "auth": .string(access(item.endpoint)),
                        "ssh": item.endpoint.ssh.map { .string("\($0)") } ?? .null,
                    ]
                }),
            "settings": members(placeLines + settingLines), "variables": members(variableLines),
            "filters": .object(filters),
        ]
    }

    nonisolated(nonsending) private func gitVersion() async throws -> String {
        let git = GitProgram(in: repository.workTree ?? repository.gitDirectory, environment: repository.environment)
        let text = try await git.run(["version"]).map { String(decoding: $0.output, as: UTF8.self) } ?? "git is missing"
        return String(text.prefix { !$0.isNewline })
    }

    /// Where things are.
    private var placeLines: [String] {
        let references = client.store.references.map(\.string).joined(separator: ", ")
        return [
            "LocalWorkingDir=\(workTree)", "LocalGitDir=\(repository.gitDirectory.string)",
            "LocalGitStorageDir=\(repository.commonDirectory.string)", "LocalMediaDir=\(client.store.objects.string)",
            "LocalReferenceDirs=\(references)", "TempDir=\(client.store.temporary.string)",
        ]
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

    /// The endpoint of the default remote, which has no name here, and those of the others.
    private var endpoints: [(remote: String?, endpoint: Endpoint)] {
        let finder = client.finder
        // As git-lfs does, `env` does not take the only remote for the default one.
        let chosen = finder.defaultRemote(for: .download)
        let standard = finder.remotes == [chosen] && !finder.isConfigured(chosen) ? "origin" : chosen
        var found: [(String?, Endpoint?)] = []
        if finder.remotes.isEmpty || finder.remotes.contains(standard) {
            found.append((nil, finder.endpoint(for: .download, remote: standard)))
        }
        for remote in finder.remotes where remote != standard {
            found.append((remote, finder.endpoint(for: .download, remote: remote)))
        }
        return found.compactMap { remote, endpoint in
            guard let endpoint, !endpoint.url.isEmpty else { return nil }
            return (remote, endpoint)
        }
    }

    /// `Endpoint=…` for the default remote and each other one, `  SSH=…` below those that are reached so.
    public var endpointLines: [String] {
        endpoints.flatMap { remote, endpoint in
            let label = "Endpoint" + (remote.map { " (\($0))" } ?? "")
            return ["\(label)=\(Endpoint.withoutPassword(endpoint.url)) (auth=\(access(endpoint)))"]
                + (endpoint.ssh.map { ["  SSH=\($0)"] } ?? [])
        }
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
            "DownloadTransfers=\(transfers)", "UploadTransfers=\(transfers)",
        ]
    }

    /// The line is git-lfs's, which scripts compare; of these, `ssh` means the login through SSH here.
    private var transfers: String {
        client.configuration.bool("lfs.basictransfersonly") ?? false ? "basic" : "basic,lfs-standalone-file,ssh"
    }

    private func access(_ endpoint: Endpoint) -> String {
        client.configuration.string("lfs", "access", for: endpoint.accessURL)?.lowercased() ?? "none"
    }
}
