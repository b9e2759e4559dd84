import Glibc
import SystemPackage

/// The folder in which this user's programs keep what they remember, for places that have none of their own.
public enum UserState {
    private static let name: FilePath.Component = "cache-image"

    /// `$XDG_CACHE_HOME/cache-image`, else `~/.cache/cache-image`; where neither can be, a folder of this user in `/tmp`.
    public static func folder(environment: [String: String]) -> FilePath {
        let home = environment["HOME"].flatMap { absolute($0)?.appending(".cache") }
        if let cache = environment["XDG_CACHE_HOME"].flatMap({ absolute($0) }) ?? home, canBeMade(cache),
            mayBeMade(cache, environment: environment)
        {
            return cache.appending(name)
        }
        return FilePath("/tmp").appending("cache-image-\(geteuid())")
    }

    private static func absolute(_ text: String) -> FilePath? {
        text.hasPrefix("/") ? FilePath(keeping: text) : nil
    }

    /// Whether a folder is there and can be written, or can be made.
    private static func canBeMade(_ folder: FilePath) -> Bool {
        var current = folder
        while !Files.exists(current), current.removeLastComponent() {}
        guard ((try? FileStatus.of(current, followLinks: true)) ?? nil)?.kind == .directory else { return false }
        return current.withPlatformString { access($0, W_OK | X_OK) } == 0
    }

    /// Whether a folder may be made where it is missing: not in a HOME that is not there, since making that is not for us.
    public static func mayBeMade(_ folder: FilePath, environment: [String: String]) -> Bool {
        guard let home = environment["HOME"].flatMap({ absolute($0) })?.lexicallyNormalized(),
            folder.lexicallyNormalized().starts(with: home)
        else { return true }
        return ((try? FileStatus.of(home, followLinks: true)) ?? nil)?.kind == .directory
    }

    /// Makes a folder of this user's state, those above it too.
    ///
    /// A folder of another user, or one that others may write to, is refused: they could choose what is remembered.
    public static func prepare(_ folder: FilePath) throws(SystemError) {
        try Files.createDirectories(folder, permissions: 0o700)
        if let complaint = try complaint(about: folder) {
            throw SystemError("use", folder.string, .notPermitted, reason: complaint)
        }
    }

    /// Whether a folder is there and is this user's alone.
    public static func isUsable(_ folder: FilePath) -> Bool {
        ((try? FileStatus.of(folder)) ?? nil) != nil && (try? complaint(about: folder)) == .some(nil)
    }

    /// What is wrong with the folder, or with the one above it.
    private static func complaint(about folder: FilePath) throws(SystemError) -> String? {
        for path in [folder, folder.removingLastComponent()] {
            guard let status = try FileStatus.of(path) else { return "it is not there" }
            let isTop = path != folder
            if status.kind != .directory { return "\(path) is not a folder" }
            if status.owner != geteuid() { return "\(path) belongs to another user" }
            if status.permissions & 0o022 != 0, !isTop || status.permissions & 0o1000 == 0 {
                return "others may write to \(path)"
            }
        }
        return nil
    }
}
