import Glibc
import SystemPackage

/// A socket of this machine, as an engine's service listens at it.
enum UnixSocket {
    /// The path in a `unix://` address; nil for any other address.
    static func path(in endpoint: String?) -> FilePath? {
        guard let endpoint, endpoint.hasPrefix("unix:///") else { return nil }
        return FilePath(String(endpoint.dropFirst("unix://".count)))
    }

    /// What stands against a connection to a socket; nil where somebody accepts it.
    static func obstacle(_ path: FilePath) -> Errno? {
        do {
            close(try connected(path, SOCK_NONBLOCK.rawValue))
            return nil
        } catch {
            // A full queue means that somebody listens.
            return error == .resourceTemporarilyUnavailable ? nil : error
        }
    }

    /// A connection to a socket.
    ///
    /// With `patience`, in seconds, nothing takes longer: neither the connection, whose queue may be full, nor a piece that is
    /// sent or received afterwards.
    static func connected(_ path: FilePath, _ flags: UInt32 = 0, patience: Int? = nil) throws(Errno) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.string.utf8)
        let fits = withUnsafeMutableBytes(of: &address.sun_path) { target in
            if bytes.count >= target.count { return false }
            target.copyBytes(from: bytes)
            return true
        }
        if !fits { throw .fileNameTooLong }
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | flags), 0)
        if descriptor < 0 { throw Errno(rawValue: errno) }
        if let patience {
            var wait = timeval(tv_sec: time_t(max(1, patience)), tv_usec: 0)
            for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
                setsockopt(descriptor, SOL_SOCKET, option, &wait, socklen_t(MemoryLayout<timeval>.size))
            }
        }
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        if result == 0 { return descriptor }
        let error = Errno(rawValue: errno)
        close(descriptor)
        throw error
    }
}
