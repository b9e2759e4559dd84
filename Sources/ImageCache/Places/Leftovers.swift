import Git
import LFS
import SystemCalls
import SystemPackage

/// What killed commands left: temporary files in every folder that is written to, and the lock on Git's index.
struct Leftovers {
    let folder: CacheFolder
    let places: StatePlaces
    let repository: Repository?

    /// Removes them, as far as that can be done; what a living process has, or another user, stays.
    func remove() {
        for path in folders { TemporaryName.removeLeftovers(in: path) }
        guard let repository else { return }
        repository.removeAbandonedLock()
        try? ObjectStore(repository).sweep()
    }

    /// Those that are there, but for a lock on Git's index.
    var found: [FilePath] {
        let files = folders.sorted { $0.string < $1.string }.flatMap { (try? TemporaryName.leftovers(in: $0)) ?? [] }
        return files + (repository.flatMap { try? ObjectStore($0).leftovers } ?? [])
    }

    /// The cache folder, the state, and where Git is taught: the work tree's root, `info`, the hooks.
    private var folders: Set<FilePath> {
        var all: Set<FilePath> = [folder.path, places.scratch, places.own, places.shared]
        guard let repository else { return all }
        if let root = repository.workTree { all.insert(root) }
        all.insert(repository.commonDirectory.appending("info"))
        if let hooks = try? PrePushHook(repository, program: "").folder() { all.insert(hooks) }
        return all
    }
}
