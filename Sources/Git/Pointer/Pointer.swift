import Hashing
import SystemCalls

/// A Git LFS pointer: the small text that stands in Git for a large file.
///
/// https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md
public struct Pointer: Hashable, Sendable {
    /// The result of one extension's filter, before the next one ran.
    public struct Extension: Hashable, Sendable {
        /// The order of the extensions, 0 to 9.
        public let priority: Int
        /// The extension's name.
        public let name: String
        /// The digest of the bytes that went into the extension.
        public let oid: SHA256Digest
    }

    /// The digest of the file's bytes, which names the object.
    public let oid: SHA256Digest
    /// The file's size in bytes.
    public let size: Size
    /// The extensions by priority; this program reads them but runs none.
    public let extensions: [Extension]

    /// A text of this many bytes or more is no pointer, whatever it holds.
    public static let maximumLength = 1024

    /// Names an object.
    public init(oid: SHA256Digest, size: Size) {
        self.init(oid: oid, size: size, extensions: [])
    }

    init(oid: SHA256Digest, size: Size, extensions: [Extension]) {
        self.oid = oid
        self.size = size
        self.extensions = extensions
    }

    /// The pointer of an empty file, which is the empty text.
    public static let empty = Pointer(oid: SHA256Digest(of: [UInt8]()), size: 0)

    /// Whether the pointer names the empty file, which is never stored, sent or asked for.
    public var isEmpty: Bool { size == 0 }

    /// The one valid encoding.
    public var encoded: [UInt8] {
        if isEmpty { return [] }
        var text = "version \(Self.version)\n"
        for item in extensions { text += "ext-\(item.priority)-\(item.name) sha256:\(item.oid.hexadecimal)\n" }
        return Array((text + "oid sha256:\(oid.hexadecimal)\nsize \(size)\n").utf8)
    }

    /// The text that every pointer begins with after `version `.
    public static let version = "https://git-lfs.github.com/spec/v1"
    /// Versions of old programs, which are read but never written.
    static let aliases = ["http://git-media.io/v/2", "https://hawser.github.com/spec/v1"]
}
