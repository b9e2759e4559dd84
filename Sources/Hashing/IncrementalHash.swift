/// A digest under way: bytes go in piece by piece, `finish` gives the digest.
///
/// Not to be used from two threads at once.
public final class IncrementalHash {
    private let state: UnsafeMutableRawPointer
    private let algorithm: DigestAlgorithm

    /// Starts a digest.
    public init(_ algorithm: DigestAlgorithm) {
        self.algorithm = algorithm
        state = .allocate(byteCount: algorithm.stateSize, alignment: 16)
        algorithm.start(state)
    }

    deinit {
        state.deallocate()
    }

    /// Takes in more bytes.
    public func update(_ bytes: UnsafeRawBufferPointer) {
        algorithm.update(state, bytes)
    }

    /// Takes in more bytes.
    public func update(_ bytes: some Sequence<UInt8>) {
        let done: Void? = bytes.withContiguousStorageIfAvailable { update(UnsafeRawBufferPointer($0)) }
        if done == nil { Array(bytes).withUnsafeBytes { update($0) } }
    }

    /// Takes in the UTF-8 bytes of a text.
    public func update(_ text: String) {
        update(text.utf8)
    }

    /// The digest's bytes; the hash starts anew.
    public func finish() -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: algorithm.length)
        algorithm.finish(state, &digest)
        algorithm.start(state)
        return digest
    }
}

extension DigestAlgorithm {
    /// The digest of bytes at hand.
    public func digest(of bytes: some Sequence<UInt8>) -> [UInt8] {
        let hash = IncrementalHash(self)
        hash.update(bytes)
        return hash.finish()
    }
}
