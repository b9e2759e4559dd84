import Hashing
import Records
import SystemCalls

/// Hashes the sorted records of an operation: `(path type mode value)` each (rule 11).
package struct TreeHasher {
    private let hash = IncrementalHash(.sha256)
    private var encoder = CanonicalEncoder()
    private(set) var count = 0

    init() {
        encoder.open()
    }

    /// Adds a record; the caller keeps the order of paths.
    package mutating func add(_ table: FileTable, _ position: Int, withoutMode: Bool) {
        let entry = table.entries[position]
        count += 1
        encoder.open()
        encoder.atom(table.name(entry))
        if entry.flags.contains(.link) {
            encoder.bytes += "1:l,~".utf8
            encoder.atom(table.linkText(entry))
        } else {
            encoder.bytes += "1:f,".utf8
            if withoutMode {
                encoder.bytes += "1:-,".utf8
            } else {
                encoder.bytes += (entry.flags.contains(.executable) ? "3:755," : "3:644,").utf8
            }
            encoder.bytes += "64:".utf8
            entry.digest.appendHexadecimal(to: &encoder.bytes)
            encoder.bytes.append(UInt8(ascii: ","))
        }
        encoder.close()
        if encoder.bytes.count >= 64 << 10 { flush() }
    }

    private mutating func flush() {
        encoder.bytes.withUnsafeBytes { hash.update($0) }
        encoder.bytes.removeAll(keepingCapacity: true)
    }

    /// The digest of all records.
    package mutating func finish() -> StepTree {
        encoder.close()
        flush()
        return StepTree(digest: SHA256Digest(finishing: hash), count: count)
    }

    /// The digest of the records of two tables, merged by path.
    package static func digest(
        _ table: FileTable, _ positions: [Int], _ other: FileTable, _ otherPositions: [Int], withoutMode: Bool
    ) -> StepTree {
        var hasher = TreeHasher()
        var rest = otherPositions[...]
        for position in positions {
            let name = table.name(table.entries[position])
            while let next = rest.first, other.name(other.entries[next]).lexicographicallyPrecedes(name) {
                hasher.add(other, next, withoutMode: withoutMode)
                rest = rest.dropFirst()
            }
            hasher.add(table, position, withoutMode: withoutMode)
        }
        for position in rest { hasher.add(other, position, withoutMode: withoutMode) }
        return hasher.finish()
    }
}
