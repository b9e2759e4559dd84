import CommandSession
import Console
import Git
import ImageCache
import JSON
import LFS

extension Session {
    /// The transfer of the cache folder's objects; an error outside a repository.
    func transfer(_ verb: String, remote: String?) throws -> CacheTransfer {
        guard let repository = cache.repository, let folder = repository.relativePath(of: cache.folder) else {
            throw CacheError.needsRepository(verb: verb, folder: cache.folder)
        }
        cache.removeLeftovers()
        let remote = Session.value("--remote", remote)
        if let remote, try !repository.isRemote(remote) {
            throw Failure(
                .usage, "cannot \(verb) the cache: there is no remote '\(remote)'", hint: "git remote -v lists them")
        }
        return try CacheTransfer(repository, folder: folder, remote: remote, isOffline: configuration.isOffline)
    }

    /// Shows how far a transfer is.
    func transferDisplay(_ title: String) -> @Sendable (TransferProgress) -> Void {
        let bar = ProgressDisplay(terminal)
        return { update in
            let isOver = update.finishedObjects == update.totalObjects
            bar.show(
                isOver
                    ? nil : .init(title: title, completed: update.finishedBytes.bytes, total: update.totalBytes.bytes))
        }
    }
}

extension Terminal {
    /// What has a command of git show progress as it would without a program between it and this terminal.
    var gitProgress: [String] {
        if options.isQuiet { return ["--quiet"] }
        return showsLiveProgress ? ["--progress"] : []
    }

    /// The document that `--json` asks for.
    func finishTransfer(_ objects: [TransferObject], isDone: Bool) {
        guard options.isJSON else { return }
        let list = objects.map { object -> JSONValue in
            [
                "oid": .string(object.pointer.oid.hexadecimal), "size": .integer(object.pointer.size.bytes),
                "path": object.path.map { .string($0.percentEncoded) } ?? .null,
            ]
        }
        json(["objects": .array(list), "transferred": .bool(isDone)])
    }
}
