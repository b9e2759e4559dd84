import Glibc
import SystemPackage

/// The folder in which a user's programs keep what they know of this machine: `$XDG_STATE_HOME/cache-image`.
///
/// What engines are there can be found out again, so that a folder that is not there or cannot be written is no failure.
public enum StateFolder {
    /// The folder, made or not.
    ///
    /// Nil where neither `XDG_STATE_HOME` nor `HOME` names an absolute path, and in a `HOME` that is not there.
    public static func path(_ environment: [String: String]) -> FilePath? {
        named(by: environment).flatMap { UserState.mayBeMade($0, environment: environment) ? $0 : nil }
    }

    private static func named(by environment: [String: String]) -> FilePath? {
        if let folder = environment["XDG_STATE_HOME"], folder.hasPrefix("/") {
            return FilePath(keeping: folder).appending("cache-image")
        }
        guard let home = environment["HOME"], home.hasPrefix("/") else { return nil }
        return FilePath(keeping: home).appending(".local").appending("state").appending("cache-image")
    }

    /// Writes a file of the folder, where that is possible.
    public static func replace(_ path: FilePath, with bytes: [UInt8]) {
        try? write(path, bytes)
    }

    /// Writes a file of the folder, which is made where it is missing.
    public static func write(_ path: FilePath, _ bytes: [UInt8]) throws(SystemError) {
        try Files.createDirectories(path.removingLastComponent(), permissions: 0o700)
        try Files.replace(path, with: bytes, permissions: 0o600)
    }

    /// The bytes of a file that only this user can have written; nil for any other.
    public static func readOwn(_ path: FilePath, limit: Int) -> [UInt8]? {
        guard let status = try? FileStatus.of(path), status.owner == geteuid(), status.permissions & 0o022 == 0 else {
            return nil
        }
        return (try? Files.readPlain(path, limit: limit)) ?? nil
    }
}
