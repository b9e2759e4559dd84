import SystemCalls

/// Follows the frames of a zstd stream as it passes, so that none has the decoder set aside more memory than it may.
///
/// https://github.com/facebook/zstd/blob/dev/doc/zstd_compression_format.md
final class ZstandardFrames {
    private enum State {
        /// A frame's mark and the byte behind it.
        case mark
        /// The rest of a frame's head, whose first byte is given.
        case head(UInt8)
        case blockHead(hasChecksum: Bool)
        /// The length of a frame that is passed over.
        case skippedLength
        /// Something is broken: the decoder will say so.
        case unknown
    }

    private let name: String
    private var state = State.mark
    /// The bytes of the part that is read, as far as they came, and how many it has.
    private var part: [UInt8] = []
    private var wanted = 5
    /// Bytes to pass over first.
    private var skipped: UInt64 = 0

    /// Follows the stream of that name.
    init(of name: String) {
        self.name = name
    }

    /// Takes the next bytes; fails where a frame looks back too far.
    func take(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            if case .unknown = state { return }
            if skipped > 0 {
                let count = Int(min(skipped, UInt64(rest.count)))
                skipped -= UInt64(count)
                rest = rest.dropFirst(count)
                continue
            }
            let piece = rest.prefix(wanted - part.count)
            part += piece
            rest = rest.dropFirst(piece.count)
            if part.count == wanted { try takePart() }
        }
    }

    private func expect(_ next: State, _ count: Int) {
        (state, wanted) = (next, count)
        part = []
    }

    private func takePart() throws {
        switch state {
        case .mark:
            if part[0] & 0xF0 == 0x50, part[1...3].elementsEqual([0x2A, 0x4D, 0x18]) {
                // The first byte of the length came with the mark.
                let first = part[4]
                expect(.skippedLength, 4)
                part = [first]
            } else if part[0...3].elementsEqual([0x28, 0xB5, 0x2F, 0xFD]) {
                expect(.head(part[4]), Self.headLength(part[4]))
                if wanted == 0 { try takePart() }
            } else {
                state = .unknown
            }
        case .head(let descriptor):
            try check(window(descriptor))
            expect(.blockHead(hasChecksum: descriptor & 4 != 0), 3)
        case .blockHead(let hasChecksum):
            let head = number(part[...])
            let isRepeated = head >> 1 & 3 == 1
            skipped = isRepeated ? 1 : head >> 3
            if head & 1 == 0 { return expect(.blockHead(hasChecksum: hasChecksum), 3) }
            if hasChecksum { skipped += 4 }
            expect(.mark, 5)
        case .skippedLength:
            skipped = number(part[...])
            expect(.mark, 5)
        case .unknown: break
        }
    }

    /// How many bytes follow the first of a head: window, dictionary, length of the content.
    private static func headLength(_ descriptor: UInt8) -> Int {
        (isSingle(descriptor) ? 0 : 1) + [0, 1, 2, 4][Int(descriptor & 3)] + contentLength(descriptor)
    }

    private static func isSingle(_ descriptor: UInt8) -> Bool { descriptor & 0x20 != 0 }

    private static func contentLength(_ descriptor: UInt8) -> Int {
        [isSingle(descriptor) ? 1 : 0, 2, 4, 8][Int(descriptor >> 6)]
    }

    /// The bytes that the decoder keeps for a frame.
    private func window(_ descriptor: UInt8) -> UInt64 {
        if Self.isSingle(descriptor) { return number(part.suffix(Self.contentLength(descriptor))) }
        let base = UInt64(1) << (10 + UInt64(part[0] >> 3))
        return base + base / 8 * UInt64(part[0] & 7)
    }

    private func check(_ window: UInt64) throws {
        if window > InputLimit.unpackingWindow {
            throw ArchiveError.corrupt(
                name, "unpacking it takes a window of \(window) bytes, more than \(InputLimit.unpackingWindow)")
        }
    }

    /// A number, its lowest byte first.
    private func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
