import Git
import JSON
import LFS
import SystemCalls
import SystemPackage

/// `lfs lock` and `lfs unlock`: the locks of this user at the server, and the modes of the files.
struct LockVerb {
    private let repository: Repository
    private let folder: FilePath
    private let client: LFSClient
    private let console: VerbConsole
    private var notes: LockNotes
    /// What was done, for `--json`.
    private(set) var document: [JSONValue] = []
    /// The exit status so far.
    private(set) var status: Int32 = 0

    /// Works in a folder of a repository.
    init(_ repository: Repository, in folder: FilePath, remote: String?, _ console: VerbConsole) throws {
        self.repository = repository
        self.folder = folder
        self.console = console
        let probe = try LFSClient(repository, remote: remote)
        // Locks belong to where pushes go.
        client = try LFSClient(repository, remote: remote ?? probe.finder.defaultRemote(for: .upload))
        notes = LockNotes(client.store)
    }

    /// Locks files, and makes them writable.
    nonisolated(nonsending) mutating func lock(_ arguments: [String]) async throws {
        for argument in arguments {
            do throws(Refusal) {
                let path = try path(argument)
                do {
                    let lock = try await client.locksClient(for: .upload).lock(path)
                    try notes.add(lock)
                    if let file = repository.workTree?.appending(path) {
                        try LockableFiles.set(file, isWritable: true)
                    }
                    document.append(lock.document)
                } catch {
                    throw Refusal("Locking \(path) failed: \(Self.reason(error))")
                }
                console.print("Locked \(path)")
            } catch {
                refuse(error.text)
            }
        }
    }

    /// Gives the locks of files back, and makes them read-only where they are lockable.
    nonisolated(nonsending) mutating func unlock(_ arguments: [String], force: Bool) async throws {
        for argument in arguments {
            var shown = argument
            do throws(Refusal) {
                let path = force ? (try? path(argument)) ?? RelativePath(argument) : try path(argument)
                shown = path.description
                try await checkUnchanged(path, force: force)
                do {
                    let found = try await client.locksClient(for: .download, namesBranch: false).list(path: path)
                    guard let lock = found.first, found.count == 1 else {
                        throw Refusal(
                            "unable to get lock ID: "
                                + (found.isEmpty ? "no matching locks found" : "multiple locks found; ambiguous"))
                    }
                    try await giveBack(lock.id, path, force: force)
                } catch {
                    throw Refusal(Self.reason(error))
                }
                console.print("Unlocked \(path)")
                document.append(["path": .string(shown), "unlocked": true])
            } catch {
                refuse(error.text)
                document.append(["path": .string(shown), "unlocked": false, "reason": .string(error.text)])
            }
        }
    }

    /// Gives one lock back that is known by its name at the server.
    nonisolated(nonsending) mutating func unlock(id: String, force: Bool) async throws {
        do throws(Refusal) {
            do {
                var path = notes.taken.first { $0.id == id }?.path
                if path == nil {
                    path = try await client.locksClient(for: .download, namesBranch: false).list(id: id)
                        .first { $0.id == id }?.path
                }
                if let path { try await checkUnchanged(path, force: force) }
                try await giveBack(id, path, force: force)
            } catch {
                throw Refusal("Unable to unlock \(id): \(Self.reason(error))")
            }
            console.print("Unlocked Lock \(id)")
        } catch {
            refuse(error.text)
            document.append(["id": .string(id), "unlocked": false, "reason": .string(error.text)])
        }
    }

    nonisolated(nonsending) private mutating func giveBack(
        _ id: String, _ path: RelativePath?, force: Bool
    ) async throws {
        let lock = try await client.locksClient(for: .upload).unlock(id, force: force)
        try notes.remove(id)
        if let path = lock?.path ?? path { try LockableFiles(repository)?.close(path) }
    }

    /// What is said instead of a result.
    private struct Refusal: Error {
        let text: String
        init(_ text: String) { self.text = text }
    }

    private static func reason(_ error: any Error) -> String {
        switch error {
        case let error as Refusal: error.text
        case let error as LFSError: error.reason
        default: "\(error)"
        }
    }

    private mutating func refuse(_ text: String) {
        console.complain(text)
        status = 2
    }

    /// A file's path below the work tree.
    private func path(_ argument: String) throws(Refusal) -> RelativePath {
        let given = folder.pushing(FilePath(keeping: argument)).lexicallyNormalized()
        let parent = (try? Files.realPath(given.removingLastComponent())) ?? given.removingLastComponent()
        let found =
            repository.relativePath(of: given)
            ?? given.lastComponent.flatMap { repository.relativePath(of: parent.appending($0)) }
        guard let path = found, !path.bytes.isEmpty else {
            throw Refusal("Unable to determine path: \(argument) is outside the work tree")
        }
        if let status = try? FileStatus.of(given, followLinks: true), status.kind == .directory {
            throw Refusal("cannot lock directory: \(argument)")
        }
        return path
    }

    /// Refuses to give back the lock of a file that was changed and not committed.
    nonisolated(nonsending) private func checkUnchanged(_ path: RelativePath, force: Bool) async throws(Refusal) {
        guard let workTree = repository.workTree else { return }
        let said: [UInt8]
        do {
            try repository.refuseWaiting(readsRules: true)
            let words = ["status", "--porcelain", "-z", "--", ":(literal)" + String(keeping: path.bytes)]
            let program = GitProgram(in: workTree, environment: repository.environment)
            guard let result = try await program.run(words), result.status == 0 else { return }
            said = result.output
        } catch {
            throw Refusal("\(error)")
        }
        if said.isEmpty { return }
        if !force { throw Refusal("Cannot unlock file with uncommitted changes") }
        console.complain("warning: unlocking with uncommitted changes because --force")
    }
}
