import Glibc
import Hashing
import OCI
import SystemCalls

/// Reads a layer's uncompressed bytes; at their end, the digests must agree.
struct LayerReader {
    let layer: StoredImage.Layer
    let index: ArchiveIndex

    init(_ layer: StoredImage.Layer, of index: ArchiveIndex) {
        self.layer = layer
        self.index = index
    }

    /// Hands the bytes on, piece by piece; how many they were.
    func read(_ body: (UnsafeRawBufferPointer) throws -> Void) throws -> Int64 {
        if case .stored(_, let size, let digest?) = layer.part, layer.compression == .none {
            // Our own spool: hashed while it was written.
            try check(digest)
            try index.forEachPiece(of: layer.part, body)
            return size
        }
        let hash = IncrementalHash(.sha256)
        var size: Int64 = 0
        func take(_ piece: UnsafeRawBufferPointer) throws {
            hash.update(piece)
            size += Int64(piece.count)
            try body(piece)
        }
        if layer.compression == .none {
            try index.forEachPiece(of: layer.part, take)
        } else {
            try decompress(take)
        }
        try check(SHA256Digest(finishing: hash))
        return size
    }

    private func check(_ digest: SHA256Digest) throws {
        if digest != layer.diffID { throw index.corrupt("layer \(layer.diffID) is damaged: its digest is \(digest)") }
    }

    private func decompress(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        guard case .stored(let offset, let size, _) = layer.part else { throw index.corrupt("a layer has no place") }
        let (index, hash) = (index, IncrementalHash(.sha256))
        var done: Int64 = 0
        let next = { (buffer: UnsafeMutableRawBufferPointer) throws -> Int in
            let count = Int(min(size - done, Int64(buffer.count)))
            let piece = UnsafeMutableRawBufferPointer(rebasing: buffer[..<count])
            try index.read(into: piece, at: offset + done)
            hash.update(UnsafeRawBufferPointer(piece))
            done += Int64(count)
            return count
        }
        let buffer = Buffer()
        let reader = try ArchiveReader.decompressing(
            ReaderSource(next), layer.compression, named: "layer \(layer.diffID)")
        while true {
            let count = try reader.read(into: buffer.bytes)
            if count == 0 { break }
            try body(UnsafeRawBufferPointer(rebasing: buffer.bytes[..<count]))
        }
        while try next(buffer.bytes) > 0 {}
        if let blob = layer.blob, SHA256Digest(finishing: hash) != blob {
            throw index.corrupt("blob \(blob) is damaged")
        }
    }
}
