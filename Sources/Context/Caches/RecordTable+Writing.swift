import Glibc
import SystemCalls
import SystemPackage

extension RecordTable {
    /// Records on their way into a table, in one piece of memory, each without its checksum.
    struct Batch {
        let layout: Layout
        private(set) var bytes: [UInt8] = []

        init(_ layout: Layout) {
            self.layout = layout
        }

        fileprivate var size: Int { layout.recordSize - 4 }
        var count: Int { bytes.count / size }
        var isEmpty: Bool { bytes.isEmpty }

        /// Adds what `write` appends, which must be one record.
        mutating func append(_ write: (inout [UInt8]) -> Void) {
            let end = bytes.count + size
            write(&bytes)
            assert(bytes.count == end)
        }

        /// Adds a record of a table.
        mutating func append(_ record: UnsafeRawBufferPointer) {
            bytes.append(contentsOf: record.prefix(size))
        }

        /// The offsets of the records in the order of their keys; of several with one key only the first.
        fileprivate func sorted() -> [Int] {
            bytes.withUnsafeBytes { bytes in
                guard let base = bytes.baseAddress else { return [] }
                func compare(_ left: Int, _ right: Int) -> Int32 { memcmp(base + left, base + right, layout.keySize) }
                var offsets = Array(stride(from: 0, to: bytes.count, by: size))
                offsets.sort { left, right in
                    let order = compare(left, right)
                    return order == 0 ? left < right : order < 0
                }
                var kept = 0
                for offset in offsets where kept == 0 || compare(offsets[kept - 1], offset) != 0 {
                    offsets[kept] = offset
                    kept += 1
                }
                offsets.removeLast(offsets.count - kept)
                return offsets
            }
        }
    }

    /// Writes a table of these records; of several with one key the first stays.
    static func write(_ batch: Batch, to path: FilePath) throws(SystemError) {
        try Files.replace(path) { (descriptor, name) throws(SystemError) in
            try write(batch) { (piece) throws(SystemError) in try Files.write(piece, to: descriptor, named: name) }
        }
    }

    /// Hands a table's bytes to `take`, piece by piece.
    static func write<Failure: Error>(
        _ batch: Batch, _ take: ([UInt8]) throws(Failure) -> Void
    ) throws(Failure) {
        let layout = batch.layout
        let offsets = batch.sorted()
        var bits = 0
        while bits < 20, offsets.count >> bits > 2 { bits += 1 }
        var output: [UInt8] = []
        func append(_ number: Int) {
            withUnsafeBytes(of: UInt32(truncatingIfNeeded: number).littleEndian) { output.append(contentsOf: $0) }
        }
        func record(_ offset: Int) -> ArraySlice<UInt8> { batch.bytes[offset..<(offset + layout.recordSize - 4)] }
        layout.magic.withUTF8Buffer { output += $0 }
        for number in [layout.recordSize, layout.keySize, offsets.count, bits] { append(number) }
        var next = 0
        for value in 0...(1 << bits) {
            while next < offsets.count,
                record(offsets[next]).withUnsafeBytes({ bucket($0, bits: bits) }) < value
            { next += 1 }
            append(next)
        }
        let order = offsets.sorted()
        var positions = [UInt32](repeating: 0, count: batch.count)
        for (position, offset) in order.enumerated() { positions[offset / batch.size] = UInt32(position) }
        for offset in offsets { append(Int(positions[offset / batch.size])) }
        for offset in order {
            let record = record(offset)
            output += record
            let sum = record.withUnsafeBytes { checksum($0) }
            withUnsafeBytes(of: sum) { output.append(contentsOf: $0) }
            if output.count >= pieceSize {
                try take(output)
                output.removeAll(keepingCapacity: true)
            }
        }
        try take(output)
    }

    /// How many bytes are written at once.
    private static let pieceSize = 1 << 20
}
