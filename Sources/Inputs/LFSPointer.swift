import Hashing

/// The text that Git holds in place of a file's content under Git LFS.
///
/// https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md
struct LFSPointer: Hashable {
    /// A pointer's bytes are fewer than this.
    static let sizeLimit: Int64 = 1024

    /// The SHA-256 of the content.
    let oid: SHA256Digest
    /// The content's bytes.
    let size: Int64
    /// Whether extensions changed the content: such pointers cannot be resolved here.
    let hasExtensions: Bool

    private static let versions = [
        "https://git-lfs.github.com/spec/v1", "http://git-media.io/v/2", "https://hawser.github.com/spec/v1",
    ]

    init(oid: SHA256Digest, size: Int64) {
        self.oid = oid
        self.size = size
        hasExtensions = false
    }

    /// Reads a file's bytes; nil where they are no pointer.
    init?(_ bytes: [UInt8]) {
        guard bytes.count < Self.sizeLimit, let text = String(validating: bytes, as: UTF8.self) else { return nil }
        var version: Substring?
        var oid: SHA256Digest?
        var size: Int64?
        var hasExtensions = false
        for line in text.split(separator: "\n") {
            guard let space = line.firstIndex(of: " ") else { return nil }
            let key = line[..<space]
            let value = line[line.index(after: space)...]
            if version == nil {
                guard key == "version", Self.versions.contains(String(value)) else { return nil }
                version = value
            } else if key == "oid" {
                guard oid == nil, let digest = SHA256Digest(value) else { return nil }
                oid = digest
            } else if key == "size" {
                guard size == nil, oid != nil, value.utf8.allSatisfy({ (48...57).contains($0) }),
                    let number = Int64(value)
                else { return nil }
                size = number
            } else if key.hasPrefix("ext-"), oid == nil {
                hasExtensions = true
            } else {
                return nil
            }
        }
        guard let oid, let size else { return nil }
        (self.oid, self.size, self.hasExtensions) = (oid, size, hasExtensions)
    }

    /// The pointer's text as git-lfs writes it; that of an empty file is empty.
    var bytes: [UInt8] {
        if size == 0 { return [] }
        return Array("version \(Self.versions[0])\noid \(oid)\nsize \(size)\n".utf8)
    }
}
