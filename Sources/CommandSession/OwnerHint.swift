import Glibc
import Programs
import SystemCalls
import SystemPackage

/// The command that gives files of a project back to its user, where they cannot be used because they are somebody else's.
///
/// That is what a command leaves that once ran as root.
enum OwnerHint {
    /// The hint; nil where another reason stands behind the error, or the file lies outside of every repository.
    static func text(for error: SystemError) -> String? {
        guard [.permissionDenied, .notPermitted].contains(error.errno), geteuid() != 0, error.object.hasPrefix("/")
        else {
            return nil
        }
        // The file, or else the nearest folder that is there.
        var path = FilePath(keeping: error.object)
        while !Files.exists(path), !path.removingLastComponent().isEmpty { path.removeLastComponent() }
        // Where the file is the user's own, it is the folder that does not let it be changed.
        if owner(path) == geteuid() { path.removeLastComponent() }
        guard let other = owner(path), other != geteuid(), isInRepository(path) else { return nil }
        // The folders above may be as much the other's.
        while case let above = path.removingLastComponent(), owner(above) == other, isInRepository(above) {
            path = above
        }
        return "sudo chown -R \(geteuid()):\(getegid()) \(ShellWord.quoted(path.string))"
    }

    private static func owner(_ path: FilePath) -> UInt32? {
        ((try? FileStatus.of(path)) ?? nil)?.owner
    }

    /// Whether a repository holds a path, in its work tree or in Git's folder.
    private static func isInRepository(_ path: FilePath) -> Bool {
        var folder = path
        while folder.lastComponent != nil {
            if folder.lastComponent == ".git" || Files.exists(folder.appending(".git")) { return true }
            folder.removeLastComponent()
        }
        return false
    }
}
