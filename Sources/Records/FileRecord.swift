import Git
import Hashing
import SystemCalls

/// What counts of one file: its path, type, mode and content (rule 11), and what is known of it besides.
public struct FileRecord: Hashable, Sendable {
    /// What a record stands for.
    public enum Content: Hashable, Sendable {
        /// A file's content.
        case file(SHA256Digest, size: Int64, isExecutable: Bool)
        /// A symbolic link's text.
        case link([UInt8])
    }

    /// The path below the context folder.
    public let path: RelativePath
    /// Type, mode and content.
    public let content: Content
    /// The Git blob that a clone without conversions holds for this file; nil where it is not known.
    public let blob: ObjectID?
    /// Whether the file's content is an LFS object, named by its digest.
    public let isLFS: Bool
    /// Whether Git does not know the file.
    public let isUntracked: Bool

    /// Makes a record.
    public init(
        path: RelativePath, content: Content, blob: ObjectID? = nil, isLFS: Bool = false, isUntracked: Bool = false
    ) {
        self.path = path
        self.content = content
        self.blob = blob
        self.isLFS = isLFS
        self.isUntracked = isUntracked
    }

    /// The SHA-256 of a file's content; nil for a link.
    public var digest: SHA256Digest? {
        if case .file(let digest, _, _) = content { digest } else { nil }
    }

    /// The bytes of a file; 0 for a link.
    public var size: Int64 {
        if case .file(_, let size, _) = content { size } else { 0 }
    }

    /// Whether this is a file with the owner's execute bit.
    public var isExecutable: Bool {
        if case .file(_, _, true) = content { true } else { false }
    }
}
