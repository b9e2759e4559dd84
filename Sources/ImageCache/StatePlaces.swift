import Configuration
import Git
import Hashing
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

    /// Names the places; nothing is made yet.
    init(_ place: RepositoryPlace?, cache: FilePath, environment: [String: String]) {
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
}
