import Hashing

/// The hash of passwords that crypt(5) calls sha512crypt: `$6$SALT$…`, with its 5,000 rounds.
///
/// https://www.akkadia.org/drepper/SHA-crypt.txt
enum SHA512Crypt {
    /// The characters of salts and hashes, by their value.
    static let alphabet = Array("./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)
    /// The longest salt.
    static let maximumSalt = 16

    /// The hash of a password.
    ///
    /// - Parameter salt: Characters of the alphabet; those beyond the sixteenth do not count.
    static func hash(_ password: [UInt8], salt: [UInt8]) -> String {
        let salt = Array(salt.prefix(maximumSalt))
        var digest = firstDigest(password, salt)
        let passwordBytes = repeated(sum(of: password, times: password.count), to: password.count)
        let saltBytes = repeated(sum(of: salt, times: 16 + Int(digest[0])), to: salt.count)
        let hash = IncrementalHash(.sha512)
        for round in 0..<5000 {
            hash.update(round % 2 == 1 ? passwordBytes : digest)
            if round % 3 != 0 { hash.update(saltBytes) }
            if round % 7 != 0 { hash.update(passwordBytes) }
            hash.update(round % 2 == 1 ? digest : passwordBytes)
            digest = hash.finish()
        }
        return "$6$" + String(decoding: salt, as: UTF8.self) + "$" + text(of: digest)
    }

    private static func firstDigest(_ password: [UInt8], _ salt: [UInt8]) -> [UInt8] {
        let inner = DigestAlgorithm.sha512.digest(of: password + salt + password)
        let hash = IncrementalHash(.sha512)
        hash.update(password)
        hash.update(salt)
        hash.update(repeated(inner, to: password.count))
        var bits = password.count
        while bits > 0 {
            hash.update(bits % 2 == 1 ? inner : password)
            bits /= 2
        }
        return hash.finish()
    }

    private static func sum(of bytes: [UInt8], times: Int) -> [UInt8] {
        let hash = IncrementalHash(.sha512)
        for _ in 0..<times { hash.update(bytes) }
        return hash.finish()
    }

    private static func repeated(_ bytes: [UInt8], to count: Int) -> [UInt8] {
        (0..<count).map { bytes[$0 % bytes.count] }
    }

    /// The digest in the order that the format has, six bits a character.
    private static func text(of digest: [UInt8]) -> String {
        var result: [UInt8] = []
        var (first, second, third) = (0, 21, 42)
        for _ in 0..<21 {
            result += characters(digest[first], digest[second], digest[third], count: 4)
            (first, second, third) = (second + 1, third + 1, first + 1)
        }
        result += characters(0, 0, digest[63], count: 2)
        return String(decoding: result, as: UTF8.self)
    }

    private static func characters(_ high: UInt8, _ middle: UInt8, _ low: UInt8, count: Int) -> [UInt8] {
        var value = Int(high) << 16 | Int(middle) << 8 | Int(low)
        return (0..<count).map { _ in
            defer { value >>= 6 }
            return alphabet[value & 63]
        }
    }
}
