/// How bytes are compressed.
public enum Compression: String, Hashable, Sendable, CaseIterable {
    case none, gzip, zstd

    /// Recognises a compressed blob by its first bytes; a tar header, which has its own mark, is none.
    init(detecting start: UnsafeRawBufferPointer) {
        self = .none
        if start.count >= 262, start[257..<262].elementsEqual("ustar".utf8) { return }
        if start.starts(with: [0x1F, 0x8B]) { self = .gzip }
        if start.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) { self = .zstd }
    }
}
