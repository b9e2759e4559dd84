import SystemCalls
import SystemPackage

/// The folder in which a user's programs keep what they know of this machine: `$XDG_STATE_HOME/cache-image`.
///
/// All of it can be found out again, so that a folder that is not there or cannot be written is no failure.
enum StateFolder {
    /// The folder, made or not.
    ///
    /// Nil where neither `XDG_STATE_HOME` nor `HOME` names an absolute path, and in a `HOME` that is not there.
    static func path(_ environment: [String: String]) -> FilePath? {
        named(by: environment).flatMap { UserState.mayBeMade($0, environment: environment) ? $0 : nil }
    }

    private static func named(by environment: [String: String]) -> FilePath? {
        if let folder = environment["XDG_STATE_HOME"], folder.hasPrefix("/") {
            return FilePath(folder).appending("cache-image")
        }
        guard let home = environment["HOME"], home.hasPrefix("/") else { return nil }
        return FilePath(home).appending(".local").appending("state").appending("cache-image")
    }

    /// Writes a file of the folder, where that is possible.
    static func replace(_ path: FilePath, with bytes: [UInt8]) {
        try? Files.createDirectories(path.removingLastComponent(), permissions: 0o700)
        try? Files.replace(path, with: bytes, permissions: 0o600)
    }
}
