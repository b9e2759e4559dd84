import Glibc
import Programs

extension Engine {
    /// The environment for an engine, without what would make it fail.
    ///
    /// An empty address stands for none. Without PATH an engine does not find its own helpers. With a TMPDIR that is
    /// not there it cannot even say which images it has; it has a place of its own.
    static func usable(_ environment: [String: String], note: (String) -> Void) -> [String: String] {
        var environment = environment
        for name in ["CONTAINER_HOST", "DOCKER_HOST", "DOCKER_CONTEXT"] where environment[name]?.isEmpty == true {
            environment[name] = nil
        }
        if environment["PATH"]?.isEmpty ?? true { environment["PATH"] = ProgramSearch.standardPath }
        if let folder = environment["TMPDIR"], !isWritableFolder(folder) {
            environment["TMPDIR"] = nil
            if !folder.isEmpty {
                note("TMPDIR (\(folder)) is not a folder that can be written to; the engine runs without it")
            }
        }
        return environment
    }

    private static func isWritableFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR && access(path, W_OK | X_OK) == 0
    }
}
