import Configuration
import Git
import Hashing
import Programs
import SystemCalls
import SystemPackage

/// Where a project's lock, stat cache, logs and notes are (docs/design.md, "On disk").
///
/// In a repository, also one whose objects cannot be read, in the Git folders. Elsewhere in the user's own cache folder:
/// what lies in the project may be a stranger's, links included.
struct StatePlaces {
    /// The state of this worktree, or of this project.
    let own: FilePath
    /// The state that all worktrees of the repository share.
    let shared: FilePath
    /// Whether Git's folders hold it.
    let isInGitFolder: Bool
    /// The permissions of new files in Git's folders.
    var permission = SharedPermission(nil)
    /// The folder of the entries.
    private let cache: FilePath
    private let environment: [String: String]

    /// Names the places; nothing is made yet.
    init(_ place: RepositoryPlace?, cache: FilePath, environment: [String: String]) {
        self.cache = cache
        self.environment = environment
        if let place {
            own = place.gitDirectory.appending("cache-image")
            shared = place.commonDirectory.appending("cache-image")
            isInGitFolder = true
        } else {
            let name = SHA256Digest(of: cache.bytes).hexadecimal.prefix(16)
            own = UserState.folder(environment: environment).appending(String(name))
            shared = own
            isInGitFolder = false
        }
    }

    /// Makes the folder of this worktree's state.
    func prepare() throws(SystemError) {
        if isInGitFolder { try permission.createDirectories(own) } else { try UserState.prepare(own) }
    }

    /// Makes an empty file of this state where there is none, for those who only know its path.
    ///
    /// What cannot be made here is an error where it is used.
    func prepare(_ file: FilePath) {
        guard !Files.exists(file) else { return }
        permission.creating { try? Files.createPlain(file).close() }
    }

    /// Whether what is remembered there may be believed.
    var isTrusted: Bool { isInGitFolder || UserState.isUsable(own) }

    // MARK: Files

    /// The lock's file.
    var lock: FilePath { own.appending("lock") }

    /// Where this worktree remembers the stat data of files; nil where that cannot be believed.
    var statCache: FilePath? { isTrusted ? own.appending("stat") : nil }

    /// What this clone remembers about images; nil where that cannot be believed.
    var notes: FilePath? { isTrusted ? shared.appending("notes.json") : nil }

    /// What this user's programs remember of the machine; nil where there is no such folder.
    var machine: FilePath? { StateFolder.path(environment) }

    /// What all clones of this user remember about images: some stores tell of each image that it was pulled.
    var machineNotes: FilePath? { machine?.appending("images.json") }

    /// What rebuilds of this user brought into engines.
    var stepNotes: FilePath? { machine?.appending("steps.json") }

    /// The memo of Git blobs; nil outside a repository.
    var memo: FilePath? { isInGitFolder ? shared.appending("memo") : nil }

    /// Says that Git could not be taught, so that the next command that finds it tries again.
    var unfinishedGitSetup: FilePath { own.appending("git-setup-unfinished") }

    /// The engine's log of the last build of the image with this stem.
    func log(of stem: String) -> FilePath { own.appending(stem + ".log") }

    // MARK: Folders

    /// The folder for large files of short life.
    var scratch: FilePath { isInGitFolder ? own : cache }

    /// The folder in which contexts are staged for the engine.
    ///
    /// Builders take the context's path apart, and rename what is no text.
    var contexts: FilePath { PlainPath.isText(scratch) ? scratch : PlainPath.temporaryFolder(environment) }
}
