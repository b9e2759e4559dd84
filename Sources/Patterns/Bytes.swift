/// Comparisons of paths, written out because walks make millions of them.
enum Bytes {
    /// Whether a path starts with some bytes.
    static func starts(_ path: ArraySlice<UInt8>, with start: [UInt8]) -> Bool {
        guard path.count >= start.count else { return false }
        for index in 0..<start.count where path[path.startIndex + index] != start[index] { return false }
        return true
    }

    /// Whether a path ends with some bytes.
    static func ends(_ path: ArraySlice<UInt8>, with end: [UInt8]) -> Bool {
        guard path.count >= end.count else { return false }
        let offset = path.endIndex - end.count
        for index in stride(from: end.count - 1, through: 0, by: -1) where path[offset + index] != end[index] {
            return false
        }
        return true
    }

    /// The last components of a path: those behind the `slashes`-th slash from its end; nil where it has fewer.
    static func tail(_ path: ArraySlice<UInt8>, behind slashes: Int) -> ArraySlice<UInt8>? {
        var missing = slashes
        for index in path.indices.reversed() where path[index] == UInt8(ascii: "/") {
            if missing == 0 { return path[(index + 1)...] }
            missing -= 1
        }
        return missing == 0 ? path : nil
    }
}
