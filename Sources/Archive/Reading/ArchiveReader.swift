import CArchive
import SystemCalls
import SystemPackage

/// A tar archive, or one compressed blob, read member by member with libarchive.
///
/// A compressed archive is two of them, one behind the other. The library would find layers of compression by itself,
/// in any number, and take heads of any length: here there is one, which is named, and each step has its bounds.
final class ArchiveReader {
    private let handle: OpaquePointer
    private let source: ReaderSource
    private lazy var scratch = Buffer()
    /// What messages call the archive.
    let name: String
    /// How the bytes were compressed on their way here.
    let compression: Compression
    /// The bytes of the file, or blob, that were read so far.
    private let packed: (OpaquePointer) -> Int64
    /// The most that may be read without anything coming of it; nil where a member's head is bounded.
    private let silence: Int?
    /// Bytes of content that were given out.
    private var unpacked: Int64 = 0
    /// Whether the library has a member, whose content can be read.
    private var isInMember = false
    /// Whether more may be given out than was read.
    private var isExpanding = false

    /// Reads a tar archive, plain or compressed with gzip or zstd, from where an open file or a pipe stands.
    ///
    /// A pipe is given up when `isAbandoned` says that nobody will write to it any more.
    static func tar(
        _ descriptor: FileDescriptor, named name: String, isAbandoned: (() -> Bool)? = nil
    ) throws -> ArchiveReader {
        let file = ReaderSource.descriptor(descriptor, named: name, isAbandoned: isAbandoned)
        let compression = try file.peek(512).withUnsafeBytes { Compression(detecting: $0) }
        if compression == .none {
            return try ArchiveReader(file, named: name) { archive_read_support_format_tar($0) }
        }
        let inner = try decompressing(file, compression, named: name)
        return try ArchiveReader(
            ReaderSource { try inner.read(into: $0) }, named: name, compression: compression,
            packed: { _ in inner.packedBytes }
        ) { archive_read_support_format_tar($0) }
    }

    /// Reads what a blob compressed with gzip or zstd holds.
    static func decompressing(
        _ source: ReaderSource, _ compression: Compression, named name: String
    ) throws -> ArchiveReader {
        if compression == .zstd {
            let frames = ZstandardFrames(of: name)
            source.inspect = { try frames.take($0) }
        }
        // zstd has frames of any length that hold notes; they cost no memory.
        let silence = compression == .gzip ? InputLimit.archiveSilence : .max
        let reader = try ArchiveReader(source, named: name, compression: compression, silence: silence) { handle in
            let code = compression == .gzip ? ARCHIVE_FILTER_GZIP : ARCHIVE_FILTER_ZSTD
            let result = archive_read_append_filter(handle, code)
            if result != ARCHIVE_OK && result != ARCHIVE_WARN { return result }
            archive_read_support_format_empty(handle)
            return archive_read_support_format_raw(handle)
        }
        var entry: OpaquePointer?
        try reader.check(archive_read_next_header(reader.handle, &entry))
        reader.isExpanding = true
        return reader
    }

    private init(
        _ source: ReaderSource, named name: String, compression: Compression = .none, silence: Int? = nil,
        packed: @escaping (OpaquePointer) -> Int64 = { archive_filter_bytes($0, -1) }, format: (OpaquePointer) -> Int32
    ) throws {
        try ArchiveError.loadLibrary()
        guard let handle = archive_read_new() else { throw ArchiveError(SystemError("read", name, .noMemory)) }
        self.handle = handle
        self.source = source
        self.name = name
        self.compression = compression
        self.silence = silence
        self.packed = packed
        try check(format(handle))
        limitHead()
        let context = Unmanaged.passUnretained(source).toOpaque()
        try check(
            archive_read_open2(
                handle, context, nil,
                { handle, context, piece in
                    guard let context, let piece else { return -1 }
                    return Unmanaged<ReaderSource>.fromOpaque(context).takeUnretainedValue().next(&piece.pointee)
                },
                { _, context, request in
                    guard let context else { return 0 }
                    return Unmanaged<ReaderSource>.fromOpaque(context).takeUnretainedValue().skip(request)
                }, nil))
    }

    deinit {
        archive_read_free(handle)
    }

    private var packedBytes: Int64 { max(0, packed(handle)) }

    /// The next member; nil at the archive's end.
    func next() throws -> TarEntry? {
        // The library would read the rest of a member at one go, however much that is.
        if isInMember, isExpanding || !source.isSeekable { while try read(into: scratch.bytes) > 0 {} }
        limitHead()
        isInMember = false
        var entry: OpaquePointer?
        let result = archive_read_next_header(handle, &entry)
        if result == ARCHIVE_EOF {
            try rethrow()
            return nil
        }
        try check(result)
        source.allowAll()
        guard let entry else { throw ArchiveError.corrupt(name, "a member has no header") }
        let member = try TarEntry(entry, offset: archive_filter_bytes(handle, 0), archive: name)
        isExpanding = member.isSparse
        isInMember = true
        return member
    }

    /// Reads a piece of the member's content; 0 at its end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        if silence != nil { limitHead() }
        let count = archive_read_data(handle, buffer.baseAddress, buffer.count)
        if count < 0 { try check(Int32(truncatingIfNeeded: count)) }
        if count == 0 { try rethrow() }
        unpacked += Int64(max(0, count))
        if isExpanding { try checkSize() }
        return max(0, count)
    }

    /// Bounds what the library reads until it gives something.
    private func limitHead() {
        let reason =
            silence == nil
            ? "the head of a member is longer than \(InputLimit.archiveHead) bytes"
            : "more than \(InputLimit.archiveSilence) bytes of it yield nothing"
        source.allow(silence ?? InputLimit.archiveHead, else: ArchiveError.corrupt(name, reason))
    }

    /// A few bytes may not fill a disk.
    private func checkSize() throws {
        if unpacked > InputLimit.unpackedAlways, unpacked / InputLimit.unpackedRatio > packedBytes {
            throw ArchiveError.corrupt(
                name,
                "it unpacks to more than \(InputLimit.unpackedRatio) times its size (gzip -d has no such limit)")
        }
    }

    /// Three ways: success (with or without a warning), or an error with the library's own text.
    private func check(_ result: Int32) throws {
        if result == ARCHIVE_OK || result == ARCHIVE_WARN { return }
        try rethrow()
        let reason = archive_error_string(handle).map { String(cString: $0) } ?? "unknown reason"
        throw ArchiveError.corrupt(name, "\(reason)")
    }

    private func rethrow() throws {
        if let error = source.error { throw error }
    }
}
