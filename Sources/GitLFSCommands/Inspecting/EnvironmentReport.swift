import Git
import JSON
import LFS
import SystemCalls
import SystemPackage

/// What `git lfs env` prints, as git-lfs 3.3.0 writes it; what may be secret as `***`.
struct EnvironmentReport {
    private let configuration: LFSConfiguration
    private let finder: EndpointFinder
    private let environment: [String: String]
    /// Where `git` runs.
    private let folder: FilePath
    /// Where things are, one line each.
    private let placeLines: [String]
    /// The folder of all of LFS.
    private let storage: String

    /// Looks at a repository; `complain` hears of what `.lfsconfig` must not set.
    init(_ repository: Repository, complain: @escaping @Sendable (String) -> Void) throws {
        let client = try LFSClient(repository)
        VerbConsole(print: { _ in }, complain: complain).warn(about: client.configuration)
        configuration = client.configuration
        finder = client.finder
        environment = repository.place.givenEnvironment
        // A work tree that the environment names need not be there.
        folder = repository.gitDirectory
        storage = client.store.root.string
        placeLines = [
            "LocalWorkingDir=\(repository.workTree?.string ?? "")",
            "LocalGitDir=\(repository.gitDirectory)", "LocalGitStorageDir=\(repository.commonDirectory)",
            "LocalMediaDir=\(client.store.objects)",
            "LocalReferenceDirs=\(client.store.references.map(\.string).joined(separator: ", "))",
            "TempDir=\(client.store.temporary)",
        ]
    }

    /// Looks at what holds outside of repositories.
    init(outside folder: FilePath, environment: [String: String]) throws {
        configuration = LFSConfiguration(git: try GitConfiguration.ofUser(environment: environment))
        finder = EndpointFinder(configuration, base: folder, branch: nil)
        self.environment = environment
        self.folder = folder
        storage = "lfs"
        placeLines = [
            "LocalWorkingDir=", "LocalGitDir=", "LocalGitStorageDir=", "LocalMediaDir=lfs/objects",
            "LocalReferenceDirs=", "TempDir=lfs/tmp",
        ]
    }

    /// All lines.
    ///
    /// - Parameter version: The first line, which names the program.
    nonisolated(nonsending) func lines(version: String) async throws -> [String] {
        [version, try await gitVersion(), ""] + endpointLines + placeLines + settingLines + variableLines + filterLines
    }

    /// The document of `--json`: the same names and values.
    nonisolated(nonsending) func document(version: String) async throws -> JSONValue {
        func members(_ lines: [String]) -> JSONValue {
            .object(
                lines.map { line in
                    let name = line.prefix { $0 != "=" }
                    return .init(String(name), .string(String(line.dropFirst(name.count + 1))))
                })
        }
        let filters = ["clean", "smudge", "process"].map {
            JSONValue.Member($0, .string(configuration.git.string("filter.lfs.\($0)") ?? ""))
        }
        return [
            "version": .string(version), "git": .string(try await gitVersion()),
            "endpoints": .array(
                endpoints.map { item in
                    [
                        "remote": item.remote.map { .string($0) } ?? .null,
                        "url": .string(ShownURL.masked(item.endpoint.url)),
                        "auth": .string(access(item.endpoint)),
                        "ssh": item.endpoint.ssh.map { .string("\($0)") } ?? .null,
                    ]
                }),
            "settings": members(placeLines + settingLines), "variables": members(variableLines),
            "filters": .object(filters),
        ]
    }

    nonisolated(nonsending) private func gitVersion() async throws -> String {
        let git = GitProgram(in: folder, environment: environment)
        let text = try await git.run(["version"]).map { String(decoding: $0.output, as: UTF8.self) } ?? "git is missing"
        return String(text.prefix { !$0.isNewline })
    }

    /// The variables of Git; what may hold a login is not shown.
    var variableLines: [String] {
        environment.filter { $0.key.hasPrefix("GIT_") }.sorted { $0.key < $1.key }.map { name, value in
            let isSecret =
                name == "GIT_CONFIG_PARAMETERS" || name.hasPrefix("GIT_CONFIG_VALUE_") || SecretName.matches(name)
            return "\(name)=\(isSecret ? SecretName.mask : ShownURL.masked(value))"
        }
    }

    /// The filters that Git runs.
    var filterLines: [String] {
        ["process", "smudge", "clean"].map {
            "git config filter.lfs.\($0) = \"\(configuration.git.string("filter.lfs.\($0)") ?? "")\""
        }
    }

    /// The endpoint of the default remote, which has no name here, and those of the others.
    private var endpoints: [(remote: String?, endpoint: Endpoint)] {
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
    var endpointLines: [String] {
        endpoints.flatMap { remote, endpoint in
            let label = "Endpoint" + (remote.map { " (\($0))" } ?? "")
            return ["\(label)=\(ShownURL.masked(endpoint.url)) (auth=\(access(endpoint)))"]
                + (endpoint.ssh.map { ["  SSH=\($0)"] } ?? [])
        }
    }

    /// The settings of transfers, fetching and pruning.
    var settingLines: [String] {
        let recency = Recency(configuration)
        func flag(_ name: String, _ fallback: Bool) -> Bool { configuration.bool(name) ?? fallback }
        let skipsErrors = environment["GIT_LFS_SKIP_DOWNLOAD_ERRORS"].map {
            ["1", "true", "yes", "on", "t"].contains($0.lowercased())
        }
        return [
            "ConcurrentTransfers=\(configuration.concurrency)", "TusTransfers=\(flag("lfs.tustransfers", false))",
            "BasicTransfersOnly=\(flag("lfs.basictransfersonly", false))",
            "SkipDownloadErrors=\(skipsErrors ?? flag("lfs.skipdownloaderrors", false))",
            "FetchRecentAlways=\(flag("lfs.fetchrecentalways", false))", "FetchRecentRefsDays=\(recency.refDays)",
            "FetchRecentCommitsDays=\(recency.commitDays)", "FetchRecentRefsIncludeRemotes=\(recency.includesRemotes)",
            "PruneOffsetDays=\(recency.pruneOffset)",
            "PruneVerifyRemoteAlways=\(flag("lfs.pruneverifyremotealways", false))",
            "PruneRemoteName=\(configuration.string("lfs.pruneremotetocheck") ?? "origin")",
            "LfsStorageDir=\(storage)",
            "AccessDownload=\(finder.endpoint(for: .download).map(access) ?? "none")",
            "AccessUpload=\(finder.endpoint(for: .upload).map(access) ?? "none")",
            "DownloadTransfers=\(transfers([]))",
            "UploadTransfers=\(transfers(flag("lfs.tustransfers", false) ? ["tus"] : []))",
        ]
    }

    /// The line is git-lfs's, which scripts compare; of these, `ssh` means the login through SSH here.
    ///
    /// - Parameter more: What is configured beside these.
    private func transfers(_ more: [String]) -> String {
        if configuration.bool("lfs.basictransfersonly") ?? false { return "basic" }
        let custom = configuration.git.subsections(of: "lfs.customtransfer", variable: "path").map(\.name)
        return (["basic", "lfs-standalone-file", "ssh"] + custom + more).sorted().joined(separator: ",")
    }

    private func access(_ endpoint: Endpoint) -> String {
        configuration.string("lfs", "access", for: endpoint.accessURL)?.lowercased() ?? "none"
    }
}
