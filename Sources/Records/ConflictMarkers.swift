import SystemCalls
import SystemPackage

/// Recognises a file that a merge left unresolved.
enum ConflictMarkers {
    /// Whether a line starts with `<<<<<<< `, as Git writes it at the start of a conflict.
    static func areIn(_ bytes: [UInt8]) -> Bool {
        var search = Search()
        return search.finds(in: bytes[...])
    }

    /// The same of a file, which is not held in memory.
    static func areIn(_ path: FilePath) throws(SystemError) -> Bool {
        let descriptor = try Files.openPlain(path)
        defer { try? descriptor.close() }
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        var search = Search()
        while case let count = try Files.read(descriptor, into: &buffer, named: path.string), count > 0 {
            if search.finds(in: buffer[..<count]) { return true }
        }
        return false
    }

    /// A search that goes on from piece to piece.
    private struct Search {
        private static let marker = Array("<<<<<<< ".utf8)
        /// How much of the marker the line began with; nil behind its beginning.
        private var matched: Int? = 0

        mutating func finds(in bytes: ArraySlice<UInt8>) -> Bool {
            for byte in bytes {
                if byte == UInt8(ascii: "\n") {
                    matched = 0
                } else if let count = matched {
                    matched = byte == Self.marker[count] ? count + 1 : nil
                    if matched == Self.marker.count { return true }
                }
            }
            return false
        }
    }
}
