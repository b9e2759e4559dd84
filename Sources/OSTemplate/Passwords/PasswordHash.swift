import Hashing

/// The hashes that stand in a tree's `shadow` file.
enum PasswordHash {
    /// The longest password; the time that a hash takes grows with it.
    static let maximumBytes = 256

    /// The hash of a plain password, the same each time for the same user of the same image.
    ///
    /// The salt is made of the names alone. Were the password in it, the salt would tell a guess from the password
    /// with one digest instead of 5,000.
    static func make(_ password: String, user: String, image: String) -> String {
        let digest = DigestAlgorithm.sha256.digest(of: "password\0\(image)\0\(user)".utf8)
        let salt = digest.prefix(SHA512Crypt.maximumSalt).map { SHA512Crypt.alphabet[Int($0 & 63)] }
        return SHA512Crypt.hash(Array(password.utf8), salt: salt)
    }

    /// Whether a text has the form of a hash that crypt(5) knows and that is not weak.
    static func isHash(_ text: String) -> Bool {
        let methods: Set<Substring> = ["5", "6", "7", "y", "gy", "2a", "2b", "2y"]
        let fields = text.split(separator: "$", omittingEmptySubsequences: false)
        guard fields.count >= 4, text.utf8.count <= 512, methods.contains(fields[1]), let last = fields.last else {
            return false
        }
        return last.utf8.count >= 22 && text.utf8.allSatisfy { "$./=,".utf8.contains($0) || isAlphanumeric($0) }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
}
