import CArchive
import Glibc
import SystemCalls
import SystemPackage

/// A tar archive, or one compressed blob, read member by member with libarchive.
final class ArchiveReader {
    private let handle: OpaquePointer
    private let source: ReaderSource
    private lazy var scratch = Buffer()
    /// What messages call the archive.
    let name: String
    /// Bytes of content that were given out, or passed over while unpacking.
    private var unpacked: Int64 = 0
    /// Whether more may be given out than was read.
    private var isExpanding = false

    /// Reads a tar archive, plain or compressed with gzip or zstd, from where an open file or a pipe stands.
    ///
    /// A pipe is given up when `isAbandoned` says that nobody will write to it any more.
    static func tar(
        _ descriptor: FileDescriptor, named name: String, isAbandoned: (() -> Bool)? = nil
    ) throws -> ArchiveReader {
        let source = ReaderSource.descriptor(descriptor, named: name, isAbandoned: isAbandoned)
        return try ArchiveReader(source, named: name) { archive_read_support_format_tar($0) }
    }

    /// Reads what a blob compressed with gzip or zstd holds.
    static func decompressing(_ source: ReaderSource, named name: String) throws -> ArchiveReader {
        let reader = try ArchiveReader(source, named: name) { handle in
            archive_read_support_format_empty(handle)
            return archive_read_support_format_raw(handle)
        }
        var entry: OpaquePointer?
        try reader.check(archive_read_next_header(reader.handle, &entry))
        reader.isExpanding = true
        return reader
    }

    private init(
        _ source: ReaderSource, named name: String, format: (OpaquePointer) -> Int32
    ) throws {
        try ArchiveError.loadLibrary()
        guard let handle = archive_read_new() else { throw ArchiveError(SystemError("read", name, .noMemory)) }
        self.handle = handle
        self.source = source
        self.name = name
        try check(archive_read_support_filter_gzip(handle))
        try check(archive_read_support_filter_zstd(handle))
        try check(format(handle))
        let context = Unmanaged.passUnretained(source).toOpaque()
        try check(
            archive_read_open2(
                handle, context, nil,
                { handle, context, piece in
                    guard let context, let piece else { return -1 }
                    let source = Unmanaged<ReaderSource>.fromOpaque(context).takeUnretainedValue()
                    return source.next(&piece.pointee, handle)
                },
                { _, context, request in
                    guard let context else { return 0 }
                    return Unmanaged<ReaderSource>.fromOpaque(context).takeUnretainedValue().skip(request)
                }, nil))
    }

    deinit {
        archive_read_free(handle)
    }

    /// Whether bytes were compressed on their way here.
    var compression: Compression {
        for index in 0..<archive_filter_count(handle) {
            switch archive_filter_code(handle, index) {
            case ARCHIVE_FILTER_GZIP: return .gzip
            case ARCHIVE_FILTER_ZSTD: return .zstd
            default: continue
            }
        }
        return .none
    }

    /// The next member; nil at the archive's end.
    func next() throws -> TarEntry? {
        // The library would unpack the rest of a member at one go, however much that is.
        if isExpanding { while try read(into: scratch.bytes) > 0 {} }
        var entry: OpaquePointer?
        let result = archive_read_next_header(handle, &entry)
        if result == ARCHIVE_EOF {
            try rethrow()
            return nil
        }
        try check(result)
        guard let entry else { throw ArchiveError.corrupt(name, "a member has no header") }
        let member = try TarEntry(entry, offset: archive_filter_bytes(handle, 0), archive: name)
        isExpanding = compression != .none || member.isSparse
        return member
    }

    /// Reads a piece of the member's content; 0 at its end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        let count = archive_read_data(handle, buffer.baseAddress, buffer.count)
        if count < 0 { try check(Int32(truncatingIfNeeded: count)) }
        if count == 0 { try rethrow() }
        unpacked += Int64(max(0, count))
        if isExpanding { try checkSize() }
        return max(0, count)
    }

    /// A few bytes may not fill a disk.
    private func checkSize() throws {
        let packed = max(0, archive_filter_bytes(handle, -1))
        if unpacked > InputLimit.unpackedAlways, unpacked / InputLimit.unpackedRatio > packed {
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

/// Bytes for libarchive: it calls for the next piece; a failure waits here until the library has given up.
final class ReaderSource {
    private let read: (UnsafeMutableRawBufferPointer) throws -> Int
    private let seekable: FileDescriptor?
    private let buffer = Buffer()
    private(set) var error: (any Error)?

    init(seekable: FileDescriptor? = nil, _ read: @escaping (UnsafeMutableRawBufferPointer) throws -> Int) {
        self.read = read
        self.seekable = seekable
    }

    static func descriptor(
        _ descriptor: FileDescriptor, named name: String, isAbandoned: (() -> Bool)?
    ) -> ReaderSource {
        let isFile = (try? FileStatus.of(descriptor))?.kind == .file
        return ReaderSource(seekable: isFile ? descriptor : nil) { buffer in
            if !isFile, let isAbandoned {
                var request = pollfd(fd: descriptor.rawValue, events: Int16(POLLIN), revents: 0)
                while poll(&request, 1, 500) == 0 { if isAbandoned() { return 0 } }
            }
            return try checked("read", name) { Glibc.read(descriptor.rawValue, buffer.baseAddress, buffer.count) }
        }
    }

    fileprivate func next(_ piece: inout UnsafeRawPointer?, _ handle: OpaquePointer?) -> Int {
        piece = UnsafeRawPointer(buffer.bytes.baseAddress)
        if error != nil { return -1 }
        do {
            return try read(buffer.bytes)
        } catch {
            self.error = error
            return -1
        }
    }

    fileprivate func skip(_ request: Int64) -> Int64 {
        guard let seekable, error == nil, request > 0 else { return 0 }
        return lseek(seekable.rawValue, off_t(request), SEEK_CUR) < 0 ? 0 : request
    }
}
