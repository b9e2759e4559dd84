import SystemCalls
import SystemPackage

/// Configuration files that were read already, so that none is read twice.
struct KnownFiles: Sendable {
    /// Bytes of a configuration file that are read at most.
    private static let limit = 16 << 20

    private var contents: [FilePath: [UInt8]?] = [:]

    /// The bytes of a file, read now unless they are known; nil where there is none.
    func bytes(of path: FilePath) throws(SystemError) -> [UInt8]? {
        if let bytes = contents[path] { return bytes }
        return try Files.read(path, limit: Self.limit)
    }

    /// The bytes of a file, which are known from now on; nil where there is none.
    @discardableResult
    mutating func read(_ path: FilePath) throws(SystemError) -> [UInt8]? {
        let bytes = try bytes(of: path)
        contents[path] = .some(bytes)
        return bytes
    }
}
