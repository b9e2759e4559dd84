import Glibc
import SystemCalls
import SystemPackage

/// The names `.tmp-PID-…` that writing commands use, and the removal of those that a killed command left.
public enum TemporaryFiles {
    /// Removes what commands that are gone left in a folder; names of living processes are not touched.
    ///
    /// What belongs to another user stays until that user's next command.
    ///
    /// Only to be called with the cache's lock held.
    public static func sweep(_ folder: FilePath) throws(SystemError) {
        guard Files.exists(folder) else { return }
        for name in try Files.names(in: folder) {
            guard let owner = owner(of: name.string), owner != getpid(), !isAlive(owner) else { continue }
            do {
                try Files.removeTree(folder.appending(name))
            } catch  where error.errno == .permissionDenied || error.errno == .notPermitted {
                continue
            }
        }
    }

    /// The pid in a temporary name; nil for any other name.
    static func owner(of name: String) -> pid_t? {
        guard name.hasPrefix(".tmp-") else { return nil }
        return pid_t(name.dropFirst(5).prefix { $0.isNumber })
    }

    private static func isAlive(_ process: pid_t) -> Bool {
        kill(process, 0) == 0 || errno != ESRCH
    }
}
