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
        for (folder, isOurs) in folders.sorted(by: { $0.key.string < $1.key.string }) {
            found += (try? TemporaryName.leftovers(in: folder, filesOnly: !isOurs)) ?? []
        }
        guard let repository else { return found }
        found += repository.abandonedLock
        found += (try? ObjectStore(repository).leftovers) ?? []
        return found
    }

    /// Whether there are any in the state of the project, where builds make their folders: two folders are looked into.
    var areInState: Bool {
        [places.scratch, places.own].contains { (try? TemporaryName.leftovers(in: $0))?.isEmpty == false }
    }

    /// Removes them, as far as that can be done; what a living process has, or another user, stays.
    func remove() {
        for (path, isOurs) in folders { TemporaryName.removeLeftovers(in: path, filesOnly: !isOurs) }
        guard let repository else { return }
        repository.removeAbandonedLock()
        try? ObjectStore(repository).sweep()
    }

    /// The cache folder, the state of project and machine, and where Git is taught: the work tree's root, `info`, the hooks;
    /// and whether temporary folders are made there, too.
    private var folders: [FilePath: Bool] {
        var all: [FilePath: Bool] = [:]
        if let repository {
            if let root = repository.workTree { all[root] = false }
            all[repository.commonDirectory.appending("info")] = false
            if let hooks = try? PrePushHook(repository, program: "").folder() { all[hooks] = false }
        }
        if let machine = places.machine { all[machine] = false }
        for path in [folder.path, places.scratch, places.own, places.shared] { all[path] = true }
        return all
    }
}
