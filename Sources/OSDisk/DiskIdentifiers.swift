import Hashing

/// The identifiers of a disk and its file systems: always the same for the same root file system.
struct DiskIdentifiers: Sendable {
    /// The digest of the root file system's tar.
    let rootfs: SHA256Digest
    /// The image's name: images of one root file system may stand in one machine.
    let image: String

    private func bytes(_ purpose: String) -> [UInt8] {
        SHA256Digest(of: Array("os-disk\0\(rootfs.hexadecimal)\0\(image)\0\(purpose)".utf8)).bytes
    }

    /// An identifier for a purpose, as a UUID of random kind (RFC 9562, version 4) in lower case.
    func uuid(_ purpose: String) -> String {
        let hex = rawUUID(purpose).hexadecimal()
        let parts = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { range in
            String(hex.dropFirst(range.lowerBound).prefix(range.count))
        }
        return parts.joined(separator: "-")
    }

    /// The same as 16 bytes.
    func rawUUID(_ purpose: String) -> [UInt8] {
        var bytes = Array(bytes(purpose).prefix(16))
        bytes[6] = bytes[6] & 0x0F | 0x40
        bytes[8] = bytes[8] & 0x3F | 0x80
        return bytes
    }

    /// A serial number of a FAT file system, as eight hexadecimal digits.
    func serial(_ purpose: String) -> String { bytes(purpose).prefix(4).hexadecimal(uppercase: true) }
}
