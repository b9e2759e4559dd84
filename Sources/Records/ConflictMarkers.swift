/// Recognises a file that a merge left unresolved.
enum ConflictMarkers {
    /// Whether a line starts with `<<<<<<< `, as Git writes it at the start of a conflict.
    static func areIn(_ bytes: [UInt8]) -> Bool {
        var isLineStart = true
        for index in bytes.indices {
            if isLineStart, bytes[index] == UInt8(ascii: "<"), bytes[index...].starts(with: "<<<<<<< ".utf8) {
                return true
            }
            isLineStart = bytes[index] == UInt8(ascii: "\n")
        }
        return false
    }
}
