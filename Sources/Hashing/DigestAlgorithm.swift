import CCrypto

/// A digest function of libcrypto.
public enum DigestAlgorithm: String, Hashable, Sendable {
    case sha256, md5, sha1

    /// Bytes of a digest.
    public var length: Int {
        switch self {
        case .sha256: 32
        case .md5: 16
        case .sha1: 20
        }
    }

    var implementation: OpaquePointer? {
        switch self {
        case .sha256: EVP_sha256()
        case .md5: EVP_md5()
        case .sha1: EVP_sha1()
        }
    }
}
