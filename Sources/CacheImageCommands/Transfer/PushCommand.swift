import ArgumentParser
import CommandLine
import Console
import Git
import ImageCache
import JSON
import LFS
import SystemCalls

/// `cache-image push`: uploads the cache's LFS objects, then pushes the branch.
struct PushCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "push", abstract: "Upload the LFS objects of the cache, then push the branch.",
        discussion: "A push whose upload fails changes nothing at the remote's references.")

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The remote; by default the one that Git pushes to.", valueName: "name"))
    var remote: String?
    @Flag(name: .customLong("dry-run"), help: "Say what would be uploaded.") var dryRun = false
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() async throws {
        let session = try Session(global)
        let transfer = try session.transfer("push", remote: remote)
        var parts: [(transfer: CacheTransfer, missing: [TransferObject])] = []
        for part in try transfer.perPushURL() {
            parts.append((part, try await part.client.missing(part.pushedObjects(), remote: part.pushRemote)))
        }
        let missing = parts.flatMap(\.missing)
        let total = missing.totalSize { $0.pointer.size }
        for object in missing {
            session.terminal.note(
                "\(object.pointer.oid.hexadecimal.prefix(12)) \(Quantity.bytes(object.pointer.size)) \(object.path?.description ?? "")"
            )
        }
        session.terminal.note("\(missing.count) LFS objects to upload, \(Quantity.bytes(total))")
        if !dryRun {
            let display = session.transferDisplay("pushing LFS objects")
            for (part, missing) in parts { try await part.client.push(missing) { display($0) } }
            let status = try await transfer.pushReferences()
            if status != 0 {
                throw Failure(.failed, "cannot push to \(transfer.pushRemote): git push ended in \(status)")
            }
        }
        session.terminal.finishTransfer(missing, isDone: !dryRun)
        try session.terminal.finish()
    }
}

/// `cache-image pull`: downloads the cache's LFS objects.
struct PullCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pull", abstract: "Download the LFS objects of the cache.",
        discussion: "The objects go into the object store; cache-image lfs checkout puts them into the work tree.")

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The remote; by default the one that Git fetches from.", valueName: "name"))
    var remote: String?
    @Flag(name: .customLong("dry-run"), help: "Say what would be downloaded.") var dryRun = false
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() async throws {
        let session = try Session(global)
        let transfer = try session.transfer("pull", remote: remote)
        let missing = try transfer.staged().filter { try transfer.client.store.find($0.pointer) == nil }
        let total = missing.totalSize { $0.pointer.size }
        session.terminal.note("\(missing.count) LFS objects to download, \(Quantity.bytes(total))")
        if !dryRun {
            let display = session.transferDisplay("fetching LFS objects")
            try await transfer.client.fetch(missing) { display($0) }
        }
        session.terminal.finishTransfer(missing, isDone: !dryRun)
        try session.terminal.finish()
    }
}

extension Session {
    /// The transfer of the cache folder's objects; an error outside a repository.
    fileprivate func transfer(_ verb: String, remote: String?) throws -> CacheTransfer {
        guard let repository = cache.repository, let folder = repository.relativePath(of: cache.folder) else {
            throw CacheError.needsRepository(verb: verb, folder: cache.folder)
        }
        return try CacheTransfer(
            repository, folder: folder, remote: Session.value("--remote", remote), isOffline: configuration.isOffline)
    }

    /// Shows how far a transfer is.
    fileprivate func transferDisplay(_ title: String) -> @Sendable (TransferProgress) -> Void {
        let bar = ProgressDisplay(terminal)
        return { update in
            let isOver = update.finishedObjects == update.totalObjects
            bar.show(isOver ? nil : .init(title: title, completed: update.finishedBytes, total: update.totalBytes))
        }
    }
}

extension Terminal {
    /// The document that `--json` asks for.
    fileprivate func finishTransfer(_ objects: [TransferObject], isDone: Bool) {
        guard options.isJSON else { return }
        let list = objects.map { object -> JSONValue in
            [
                "oid": .string(object.pointer.oid.hexadecimal), "size": .integer(object.pointer.size),
                "path": object.path.map { .string($0.percentEncoded) } ?? .null,
            ]
        }
        json(["objects": .array(list), "transferred": .bool(isDone)])
    }
}
