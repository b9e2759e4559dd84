import CCrypto

/// scrypt (RFC 7914): a hash of a password that takes so much memory and time that guessing many is dear.
public enum Scrypt {
    // 128 * cost * blockSize bytes are needed: 16 MB, and some 50 ms.
    private static let cost: UInt64 = 1 << 14
    private static let blockSize: UInt64 = 8
    private static let memoryLimit: UInt64 = 32 << 20

    /// Derives `count` bytes; nil where there is no memory for it.
    public static func bytes(of password: some Collection<UInt8>, salt: [UInt8], count: Int) -> [UInt8]? {
        var key = [UInt8](repeating: 0, count: count)
        let done = password.map { CChar(bitPattern: $0) }.withUnsafeBufferPointer { password in
            // A null pointer stands for no password at all.
            withUnsafePointer(to: CChar(0)) { none in
                EVP_PBE_scrypt(
                    password.baseAddress ?? none, password.count, salt, salt.count, cost, blockSize, 1, memoryLimit,
                    &key, count)
            }
        }
        return done == 1 ? key : nil
    }
}
