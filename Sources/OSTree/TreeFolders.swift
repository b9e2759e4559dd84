import OSTemplate
import SystemPackage

/// Where the trees of a provider lie below WORK_DIR.
struct TreeFolders: Sendable {
    /// `WORK_DIR/{provider}`.
    let provider: FilePath

    init(workFolder: FilePath, provider: Provider) {
        self.provider = workFolder.appending(provider.description)
    }

    /// The pristine base tree.
    var baseTree: FilePath { provider.appending("chrootenv") }
    /// The base tree while it is made.
    var newBase: FilePath { building.appending("chrootenv.new") }
    /// The folder of the snapshot and of the tree that is being made.
    var building: FilePath { provider.appending("chrootbuild") }
    /// The tree that is being made.
    var tree: FilePath { building.appending("chroot") }
    /// The base tree as one file.
    var snapshot: FilePath { building.appending("chrootenv.tar.gz") }
    /// What the snapshot was made of.
    var snapshotRecord: FilePath { building.appending("chrootenv.json") }
    /// Settings and home of the programs that work on the tree.
    var scratch: FilePath { building.appending("scratch") }
    /// The root file system of a build that keeps none.
    var unkept: FilePath { building.appending("rootfs.tar") }
    /// The folder of earlier root file systems.
    var earlier: FilePath { provider.appending("rootfs") }
}
