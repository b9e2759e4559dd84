import Git
import Programs
import SystemCalls
import SystemPackage

/// Moves the LFS objects of a cache folder between this repository and a remote: what `cache-image push` and `pull` do.
public struct CacheTransfer {
    /// The client that moves them.
    public let client: LFSClient
    private let repository: Repository
    private let folder: RelativePath

    /// Works on the cache folder of a repository.
    ///
    /// - Parameters:
    ///   - repository: The repository.
    ///   - folder: The cache folder.
    ///   - remote: A remote's name or URL; nil for the one that the configuration says.
    ///   - pushURL: The one URL of the remote that is pushed to, where it has several; nil for the first.
    ///   - isOffline: Forbids every connection.
    public init(
        _ repository: Repository, folder: RelativePath, remote: String? = nil, pushURL: String? = nil,
        isOffline: Bool = false
    ) throws {
        self.repository = repository
        self.folder = folder
        client = try LFSClient(repository, remote: remote, pushURL: pushURL, isOffline: isOffline)
    }

    /// One transfer for each URL that `git push` pushes to: this one, where there is only one.
    public func perPushURL() throws -> [CacheTransfer] {
        let urls = client.finder.pushURLs(of: pushRemote)
        if urls.count < 2 { return [self] }
        return try urls.map { url in
            try CacheTransfer(
                repository, folder: folder, remote: client.remote, pushURL: url, isOffline: client.isOffline)
        }
    }

    /// The remote that a push goes to.
    public var pushRemote: String { client.remote ?? client.finder.defaultRemote(for: .upload) }

    /// The branch that is checked out; nil when HEAD is detached.
    public var branch: String? { client.finder.branch }

    /// What the remote will need: the pointers of the index, and of the commits that it does not have yet.
    public func pushedObjects() throws -> [TransferObject] {
        // What this clone knows of the remote's branches is true of one of its URLs.
        let isOneOfSeveral = client.finder.pushURL != nil
        let known = isOneOfSeveral ? [] : try repository.references("refs/remotes/\(pushRemote)/").map(\.target)
        var found = try staged()
        if let head = try repository.head() { found += try repository.pointers(from: [head], notIn: known) }
        return LFSClient.distinct(found.filter { $0.path?.isInside(folder) ?? false })
    }

    /// The pointers of the index; those of HEAD where the index cannot be read.
    public func staged() throws -> [TransferObject] {
        let scan = PointerScan(repository)
        if let index = try? repository.index() {
            return try scan.index(index).filter { $0.path.isInside(folder) }.map(\.object)
        }
        guard let head = try repository.head() else { return [] }
        return try repository.pointers(from: [head], notIn: []).filter { $0.path?.isInside(folder) ?? false }
    }

    /// Puts content into the work tree where the cache folder's files hold their pointers, but for those that
    /// `lfs.fetchexclude` names; the files that were written.
    nonisolated(nonsending) public func checkOut() async throws -> [RelativePath] {
        let excluded = PathFilter(exclude: PathFilter.patterns(client.configuration.string("lfs.fetchexclude")))
        let result = try await WorkTreeCheckout(repository).run(where: {
            try $0.isInside(folder) && excluded.allows($0)
        })
        if let failure = result.failures.first { throw failure }
        return result.written
    }

    /// Pushes the branch with `git push`; the status of git.
    ///
    /// - Parameters:
    ///   - options: Options of `git push`.
    ///   - relay: Gets what git says, by lines: it names URLs with all that they hold.
    public func pushReferences(
        _ options: [String] = [], relay: @escaping @Sendable ([UInt8]) -> Void
    ) async throws -> Int32 {
        let words = ["push"] + options + [pushRemote] + (branch.map { [$0] } ?? [])
        do {
            return try await ChildProgram(
                "git", words, in: repository.workTree ?? repository.gitDirectory, environment: repository.environment
            ).runInForeground(relay: relay)
        } catch let error as ProgramError {
            throw LFSError(.failed, "run", error.program, error.reason)
        }
    }
}
