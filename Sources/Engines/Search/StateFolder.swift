import Glibc
import SystemCalls
import SystemPackage

/// The folder in which a user's programs keep what they know of this machine: `$XDG_STATE_HOME/cache-image`.
///
/// All of it can be found out again, so that a folder that is not there or cannot be written is no failure.
enum StateFolder {
    /// The folder, made or not; nil where neither `XDG_STATE_HOME` nor `HOME` names an absolute path.
    static func path(_ environment: [String: String]) -> FilePath? {
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

/// A socket of this machine, as an engine's service listens at it.
enum UnixSocket {
    /// The path in a `unix://` address; nil for any other address.
    static func path(in endpoint: String?) -> FilePath? {
        guard let endpoint, endpoint.hasPrefix("unix:///") else { return nil }
        return FilePath(String(endpoint.dropFirst("unix://".count)))
    }

    /// What stands against a connection to a socket; nil where somebody accepts it.
    static func obstacle(_ path: FilePath) -> Errno? {
        let descriptor = socket(
            AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        if descriptor < 0 { return Errno(rawValue: errno) }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.string.utf8)
        let fits = withUnsafeMutableBytes(of: &address.sun_path) { target in
            if bytes.count >= target.count { return false }
            target.copyBytes(from: bytes)
            return true
        }
        if !fits { return .fileNameTooLong }
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        // A full queue means that somebody listens.
        if result == 0 || errno == EAGAIN { return nil }
        return Errno(rawValue: errno)
    }
}
