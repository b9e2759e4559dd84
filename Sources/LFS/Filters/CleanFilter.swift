import Git
import SystemCalls

/// Turns a file's content into its pointer while the content goes into the object store.
public struct CleanFilter: Sendable {
    private let store: ObjectStore

    /// A merge of pointers is never longer than this.
    private static let conflictLength = 4096

    /// Cleans into a store.
    public init(_ store: ObjectStore) {
        self.store = store
    }

    /// Reads the content and writes the pointer; memory does not grow with the content.
    ///
    /// A pointer is passed on byte for byte, and so is nothing. A pointer with the markers of an unresolved merge is
    /// refused: git-lfs would store the markers as an object.
    public func run(path: RelativePath? = nil, from source: ByteSource, to sink: ByteOutput) throws {
        let head = try ByteStream.head(source, Self.conflictLength)
        if head.count < Pointer.maximumLength, Pointer(parsing: head) != nil {
            return try ByteStream.write(head, to: sink)
        }
        if head.count < Self.conflictLength, Self.holdsConflict(head) {
            throw LFSError(
                .unmerged, "stage", path?.description ?? "the file", "unresolved merge of an image pointer",
                hint: "cache-image update resolves it; git checkout --ours or --theirs takes one side")
        }
        let writer = try ObjectWriter(store)
        try ByteStream.write(head, to: writer.write)
        try ByteStream.copy(source, to: writer.write)
        try ByteStream.write(try writer.finish().encoded, to: sink)
    }

    /// Whether a short text holds conflict markers around pointers.
    static func holdsConflict(_ bytes: [UInt8]) -> Bool {
        let text = String(decoding: bytes, as: UTF8.self)
        return text.contains("oid sha256:")
            && text.split(whereSeparator: \.isNewline).contains { $0.hasPrefix("<<<<<<<") || $0.hasPrefix(">>>>>>>") }
    }
}
