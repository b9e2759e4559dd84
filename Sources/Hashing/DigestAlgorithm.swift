import CCrypto

/// A digest function of libcrypto.
public enum DigestAlgorithm: String, Hashable, Sendable {
    case sha256, sha512, md5, sha1

    /// Bytes of a digest.
    public var length: Int {
        switch self {
        case .sha256: 32
        case .sha512: 64
        case .md5: 16
        case .sha1: 20
        }
    }

    /// Bytes of a digest under way.
    var stateSize: Int {
        switch self {
        case .sha256: MemoryLayout<SHA256_CTX>.size
        case .sha512: MemoryLayout<SHA512_CTX>.size
        case .md5: MemoryLayout<MD5_CTX>.size
        case .sha1: MemoryLayout<SHA_CTX>.size
        }
    }
}

/// The functions of before OpenSSL 3: the same code, without the search for the best of several. The first search reads
/// `openssl.cnf` and looks at every algorithm there is, most of a millisecond of the twelve that a command with nothing to do
/// takes.
extension DigestAlgorithm {
    /// Starts a digest in `stateSize` bytes.
    func start(_ state: UnsafeMutableRawPointer) {
        switch self {
        case .sha256: SHA256_Init(state.assumingMemoryBound(to: SHA256_CTX.self))
        case .sha512: SHA512_Init(state.assumingMemoryBound(to: SHA512_CTX.self))
        case .md5: MD5_Init(state.assumingMemoryBound(to: MD5_CTX.self))
        case .sha1: SHA1_Init(state.assumingMemoryBound(to: SHA_CTX.self))
        }
    }

    /// Takes in more bytes.
    func update(_ state: UnsafeMutableRawPointer, _ bytes: UnsafeRawBufferPointer) {
        switch self {
        case .sha256: SHA256_Update(state.assumingMemoryBound(to: SHA256_CTX.self), bytes.baseAddress, bytes.count)
        case .sha512: SHA512_Update(state.assumingMemoryBound(to: SHA512_CTX.self), bytes.baseAddress, bytes.count)
        case .md5: MD5_Update(state.assumingMemoryBound(to: MD5_CTX.self), bytes.baseAddress, bytes.count)
        case .sha1: SHA1_Update(state.assumingMemoryBound(to: SHA_CTX.self), bytes.baseAddress, bytes.count)
        }
    }

    /// Writes the digest, `length` bytes of it.
    func finish(_ state: UnsafeMutableRawPointer, _ digest: inout [UInt8]) {
        switch self {
        case .sha256: SHA256_Final(&digest, state.assumingMemoryBound(to: SHA256_CTX.self))
        case .sha512: SHA512_Final(&digest, state.assumingMemoryBound(to: SHA512_CTX.self))
        case .md5: MD5_Final(&digest, state.assumingMemoryBound(to: MD5_CTX.self))
        case .sha1: SHA1_Final(&digest, state.assumingMemoryBound(to: SHA_CTX.self))
        }
    }
}
