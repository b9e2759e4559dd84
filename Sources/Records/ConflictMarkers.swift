import SystemCalls
import SystemPackage

/// Recognises a file that a merge left unresolved: a line starts with `<<<<<<< `, as Git begins a conflict.
struct ConflictMarkers {
    private static let marker = Array("<<<<<<< ".utf8)

    /// Whether a line with the marker was seen.
    private(set) var areFound = false
    /// How much of the marker the line at hand begins with; nil where it begins with something else.
    private var matched: Int? = 0

    /// Looks at what comes next.
    mutating func take(_ bytes: some Sequence<UInt8>) {
        for byte in bytes where !areFound {
            if byte == UInt8(ascii: "\n") {
                matched = 0
            } else if let count = matched {
                matched = byte == Self.marker[count] ? count + 1 : nil
                areFound = matched == Self.marker.count
            }
        }
    }

    /// Whether bytes at hand hold the marker.
    static func areIn(_ bytes: [UInt8]) -> Bool {
        var markers = ConflictMarkers()
        markers.take(bytes)
        return markers.areFound
    }

    /// Whether an open file holds the marker, which is read in pieces, as far as it is needed.
    static func areIn(_ descriptor: FileDescriptor, named name: String) throws(SystemError) -> Bool {
        var markers = ConflictMarkers()
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while !markers.areFound {
            let count = try Files.read(descriptor, into: &buffer, named: name)
            if count == 0 { break }
            markers.take(buffer[..<count])
        }
        return markers.areFound
    }
}
