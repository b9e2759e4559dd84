import Git
import Hashing
import LFS
import SystemCalls

/// `git lfs push`: uploads what refs need and the remote lacks.
struct PushVerb: Sendable {
    /// The remote's name or URL; nil where none was given.
    var remote: String?
    /// The refs, or with `objectID` the OIDs.
    var names: [String] = []
    /// Everything that the refs reach, whatever the remote is known to have.
    var all = false
    /// The names are OIDs.
    var objectID = false
    /// Only says what would be uploaded.
    var dryRun = false
    /// No name at all is nothing to do: the names came from a program.
    var allowsNone = false

    /// Pushes nothing yet.
    init() {}

    /// Runs the verb; its exit status is the result.
    nonisolated(nonsending) func run(_ repository: Repository, _ console: VerbConsole) async throws -> Int32 {
        guard let remote else {
            console.print("Specify a remote and a remote branch name (`git lfs push origin main`)")
            return 1
        }
        if let complaint = try repository.complaint(aboutRemote: remote) {
            console.complain(complaint)
            return 2
        }
        let client = try LFSClient(repository, remote: remote)
        console.warn(about: client.configuration)
        if objectID { return try await pushObjects(client, console) }
        var upload = Upload(client: client, remote: remote, console: console, dryRun: dryRun)
        let scan = PointerScan(repository)
        var seen: Set<SHA256Digest> = []
        var names = self.names
        if all && names.isEmpty {
            names =
                try repository.references("refs/heads/").map(\.name)
                + repository.references("refs/tags/").map(\.name)
        }
        if names.isEmpty && !allowsNone {
            console.print("At least one ref must be supplied without --all")
            return 1
        }
        let known = all ? [] : [remote] + client.finder.remotes(sharingServerOf: remote)
        let hidden = try known.flatMap { try repository.commits(of: $0) }
        var status: Int32 = 0
        for name in names {
            guard let full = try repository.fullName(of: name), let commit = try repository.commit(name) else {
                // git-lfs passes over a name that is none without --all only.
                if !all { continue }
                console.complain("cannot push \(name): it names no commit")
                status = 2
                continue
            }
            let range = known.isEmpty ? [full] : [full, "--not"] + known.map { "--remotes=\($0)" }
            let found = try await scan.reachable(range).filter { seen.insert($0.pointer.oid).inserted }
            let changes = PushedChanges(scan, from: [commit], notIn: hidden)
            let result = try await upload.run(
                found.map(\.object), ref: client.finder.remoteName(of: full, at: remote), changing: changes)
            status = max(status, result)
            if upload.isStopped { break }
        }
        upload.finish()
        return status
    }

    nonisolated(nonsending) private func pushObjects(_ client: LFSClient, _ console: VerbConsole) async throws -> Int32
    {
        if names.isEmpty {
            console.print("At least one object ID must be supplied with --object-id")
            return 1
        }
        var objects: [TransferObject] = []
        for name in names {
            guard let oid = SHA256Digest(hexadecimal: name) else {
                let problem = name.utf8.count < 5 ? "too short" : "invalid"
                console.complain("Unable to find local media path: \(problem) object ID: \(name.quotedAsGo)")
                return 2
            }
            let file = client.store.path(of: oid)
            guard let size = try FileStatus.of(file)?.size else {
                console.complain("Unable to stat local media path: stat \(file.string): no such file or directory")
                return 2
            }
            objects.append(
                TransferObject(Pointer(oid: oid, size: Size(size)), path: RelativePath(bytes: Array(file.string.utf8))))
        }
        var upload = Upload(client: client, remote: remote ?? "origin", console: console, dryRun: dryRun)
        let status = try await upload.run(objects, ref: nil, changing: nil)
        upload.finish()
        return status
    }
}
