import Git
import HTTP
import Programs
import SystemCalls
import SystemPackage

/// Fetches and pushes the LFS objects of one repository from and to one remote.
public final class LFSClient: Sendable {
    /// The configuration in force, `.lfsconfig` included.
    public let configuration: LFSConfiguration
    /// The repository's object store.
    public let store: ObjectStore
    /// The remote, by name or URL; nil for the one that the configuration says.
    public let remote: String?
    /// Whether the network and other repositories must be left alone.
    public let isOffline: Bool
    /// Where remotes are.
    package let finder: EndpointFinder
    /// The full name of the checked-out branch; nil when HEAD is detached.
    private let branch: String?
    let folder: FilePath
    let environment: [String: String]
    let retry: RetryPolicy
    let http: HTTPClient
    /// Where Git itself goes for the remote.
    let gitOrigins: Set<String>
    /// What is remembered of transfers.
    package let notes: TransferNotes

    /// Prepares transfers; nothing is connected to before the first one.
    ///
    /// - Parameters:
    ///   - repository: The repository.
    ///   - remote: A remote's name or URL; nil for the one that the configuration says.
    ///   - pushURL: The one URL of the remote that is pushed to, where it has several; nil for the first.
    ///   - isOffline: Forbids every connection.
    ///   - retry: When to try again; nil for the configuration's rule.
    public init(
        _ repository: Repository, remote: String? = nil, pushURL: String? = nil, isOffline: Bool = false,
        retry: RetryPolicy? = nil
    ) throws {
        let configuration = try LFSConfiguration.load(repository)
        let environment = repository.environment
        self.configuration = configuration
        self.environment = environment
        self.remote = remote
        self.isOffline = isOffline
        self.retry = retry ?? RetryPolicy(configuration)
        store = try ObjectStore(repository)
        notes = TransferNotes(repository)
        folder = repository.workTree ?? repository.gitDirectory
        branch = try repository.headBranch()
        let prefix = "refs/heads/"
        let name = branch.flatMap { $0.hasPrefix(prefix) ? String($0.dropFirst(prefix.count)) : nil }
        var finder = EndpointFinder(configuration, base: folder, branch: name)
        finder.pushURL = pushURL
        self.finder = finder
        let origins = finder.gitOrigins(remote: remote)
        gitOrigins = origins
        http = HTTPClient {
            TransportOptions(for: $0, configuration, gitOrigins: origins, environment: environment)
        }
    }

    /// The endpoint for a direction; an error where there is none.
    public func endpoint(for operation: TransferOperation) throws(LFSError) -> Endpoint {
        if let refusal = finder.refusal { throw refusal }
        if let endpoint = finder.endpoint(for: operation, remote: remote) { return endpoint }
        throw noServer(for: operation, remote: remote)
    }

    /// The error where nothing is configured.
    func noServer(for operation: TransferOperation, remote: String?) -> LFSError {
        LFSError(
            .configuration, "find", "an LFS server",
            "there is no remote '\(remote ?? finder.defaultRemote(for: operation))' and no lfs.url",
            hint: "git remote add origin URL, or git config lfs.url URL")
    }

    /// The `ref` of a request: the checked-out branch as the remote names it; nil when HEAD is detached.
    package func ref(for operation: TransferOperation) -> String? {
        branch.map { finder.remoteName(of: $0, at: remote ?? finder.defaultRemote(for: operation)) }
    }

    /// The API of an endpoint.
    func api(_ endpoint: Endpoint) -> APIClient {
        APIClient(
            endpoint, configuration, http: http, retry: retry, folder: folder, gitOrigins: gitOrigins,
            environment: environment)
    }

    /// Each object once, the empty one never.
    package static func distinct(_ objects: [TransferObject]) -> [TransferObject] {
        var seen: Set<Pointer> = []
        return objects.filter { !$0.pointer.isEmpty && seen.insert($0.pointer).inserted }
    }

    /// Moves objects through whatever the endpoint is.
    package func transfer(
        _ objects: [TransferObject], _ operation: TransferOperation, ref: String?,
        progress listener: (@Sendable (TransferProgress) -> Void)?
    ) async throws -> [TransferOutcome] {
        if objects.isEmpty { return [] }
        let endpoint = try endpoint(for: operation)
        let log = ProgressLog(operation.rawValue, objects, environment)
        let progress = ProgressCounter(listener, log: log)
        let outcomes: [TransferOutcome]
        if let gitFolder = endpoint.folder {
            outcomes = try await transfer(objects, operation, folder: gitFolder, progress)
        } else {
            let queue = TransferQueue(
                batch: BatchClient(api: api(endpoint), operation: operation, ref: ref), store: store,
                progress: progress, concurrency: configuration.concurrency,
                verifyLimit: configuration.count("lfs.transfer.maxverifies") ?? 3)
            outcomes = try await queue.run(objects)
        }
        notes.add(outcomes.filter(\.isOnServer).map(\.object.oid), of: endpoint)
        return outcomes
    }

    private func transfer(
        _ objects: [TransferObject], _ operation: TransferOperation, folder gitFolder: FilePath,
        _ progress: ProgressCounter
    ) async throws -> [TransferOutcome] {
        if let status = try FileStatus.of(gitFolder, followLinks: true), status.kind == .file {
            throw LFSError(
                .missing, operation == .download ? "fetch" : "push", objects[0].name,
                "the remote \(gitFolder) is a bundle, which holds no LFS objects",
                hint: "git config lfs.url URL names a server or a repository that has them")
        }
        let store = store
        return try await onOwnThread {
            let transfer = try FolderTransfer(store, gitFolder: gitFolder, progress: progress)
            for object in objects { progress.expect(object.pointer) }
            return try objects.map { object in
                do {
                    let result =
                        operation == .download ? try transfer.download(object) : try transfer.upload(object)
                    progress.finish(object.oid)
                    return TransferOutcome(object: object, result: result)
                } catch let error as LFSError {
                    return TransferOutcome(object: object, result: .failed(error))
                }
            }
        }
    }
}
