/// Bytes allocated once and used for every piece of a stream.
final class Buffer {
    let bytes: UnsafeMutableRawBufferPointer

    init(count: Int = 1 << 20) {
        bytes = .allocate(byteCount: count, alignment: 16)
    }

    deinit {
        bytes.deallocate()
    }
}
