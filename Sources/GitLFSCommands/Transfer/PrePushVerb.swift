import Git
import Hashing
import LFS

/// `git lfs pre-push`: the hook that uploads the objects of the commits that Git is about to push.
struct PrePushVerb: Sendable {
    /// The remote's name; nil where none was given.
    var remote: String?
    /// The URL that Git pushes to; nil where none was given.
    var url: String?
    /// Only says what would be uploaded.
    var dryRun = false

    /// Pushes nothing yet.
    init() {}

    /// The URL of this call, where Git calls the hook once for each of several; nil for a remote with one.
    private func url(amongSeveralOf remote: String, _ repository: Repository) throws -> String? {
        let finder = EndpointFinder(
            try LFSConfiguration.load(repository), base: repository.workTree ?? repository.gitDirectory, branch: nil)
        return finder.pushURLs(of: remote).count > 1 ? url : nil
    }

    /// Runs the hook on the lines that Git writes to it; its exit status is the result.
    nonisolated(nonsending) func run(
        _ repository: Repository, input: [UInt8], _ console: VerbConsole
    ) async throws -> Int32 {
        guard let remote else {
            console.print("This should be run through Git's pre-push hook.  Run `git lfs update` to install it.")
            return 1
        }
        let skip = repository.environment["GIT_LFS_SKIP_PUSH"]?.lowercased() ?? ""
        if ["1", "true", "yes", "on", "t"].contains(skip) { return 0 }
        if let complaint = try repository.complaint(aboutRemote: remote) {
            console.complain(complaint)
            return 2
        }
        let lines = try PushUpdate.parse(String(decoding: input, as: UTF8.self)) { word in
            if let id = ObjectID(hexadecimal: word) { return try repository.contains(id) ? id : nil }
            return try repository.resolve(word)
        }
        let updates = lines.filter { !$0.isDeletion }
        if updates.isEmpty { return 0 }
        // A remote that cannot be asked will not take the push either; what this clone knows serves until then.
        let pushURL = try url(amongSeveralOf: remote, repository)
        let present = try await repository.referencesOfRemote(pushURL ?? remote)
        let client = try LFSClient(repository, remote: remote, pushURL: pushURL)
        console.warn(about: client.configuration)
        var upload = Upload(client: client, remote: remote, console: console, dryRun: dryRun)
        let scan = PointerScan(repository)
        var seen: Set<SHA256Digest> = []
        var status: Int32 = 0
        var elsewhere: [ObjectID]?
        for update in updates {
            var hidden = try repository.commits(of: remote, updates: [update], present: present)
            var objects = try repository.pointersToPush([update], notIn: hidden)
            if !objects.isEmpty {
                let others: [ObjectID]
                if let elsewhere { others = elsewhere } else { others = try await commits(beside: client, repository) }
                elsewhere = others
                hidden += others
                objects = try repository.pointersToPush([update], notIn: hidden)
            }
            let result = try await upload.run(
                objects.filter { seen.insert($0.pointer.oid).inserted }, ref: update.remoteReference,
                changing: PushedChanges(scan, from: [update.local], notIn: hidden))
            status = max(status, result)
            if upload.isStopped { break }
        }
        upload.finish()
        return status
    }

    /// The commits of other remotes that have the same LFS server, and really are there now: their objects are, too.
    nonisolated(nonsending) private func commits(
        beside client: LFSClient, _ repository: Repository
    ) async throws -> [ObjectID] {
        var found: [ObjectID] = []
        for other in client.finder.remotes(sharingServerOf: remote ?? "origin")
        where try !repository.references("refs/remotes/\(other)/").isEmpty {
            guard let present = try await repository.referencesOfRemote(other) else { continue }
            found += try repository.commits(of: other, present: present)
        }
        return found
    }
}
