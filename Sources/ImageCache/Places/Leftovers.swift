import Git
import LFS
import SystemCalls
import SystemPackage

/// What killed commands left: temporary files in every folder that is written to, and the lock on Git's index.
struct Leftovers {
    let folder: CacheFolder
    let places: StatePlaces
    let repository: Repository?

    /// What `remove` removes.
    var paths: [FilePath] {
        var found: [FilePath] = []
        for folder in folders.sorted(by: { $0.string < $1.string }) {
            found += (try? TemporaryName.leftovers(in: folder)) ?? []
        }
        guard let repository else { return found }
        found += repository.abandonedLock
        found += (try? ObjectStore(repository).leftovers) ?? []
        return found
    }

    /// Removes them, as far as that can be done; what a living process has, or another user, stays.
    func remove() {
        for path in folders { TemporaryName.removeLeftovers(in: path) }
        guard let repository else { return }
        repository.removeAbandonedLock()
        try? ObjectStore(repository).sweep()
    }

    /// The cache folder, the state of project and machine, and where Git is taught: the work tree's root, `info`, the hooks.
    private var folders: Set<FilePath> {
        var all: Set<FilePath> = [folder.path, places.scratch, places.own, places.shared]
        if let machine = places.machine { all.insert(machine) }
        guard let repository else { return all }
        if let root = repository.workTree { all.insert(root) }
        all.insert(repository.commonDirectory.appending("info"))
        if let hooks = try? PrePushHook(repository, program: "").folder() { all.insert(hooks) }
        return all
    }
}
