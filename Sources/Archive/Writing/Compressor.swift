import CArchive
import SystemCalls

/// Compresses a stream with libarchive; the same bytes always give the same bytes.
final class Compressor {
    private let handle: OpaquePointer
    private let target: Target

    /// Where the compressed bytes go; a failure waits here until the library has given up.
    private final class Target {
        let sink: ByteSink
        var error: (any Error)?
        init(_ sink: ByteSink) { self.sink = sink }
    }

    init(_ compression: Compression, into sink: ByteSink) throws {
        try ArchiveError.loadLibrary()
        guard let handle = archive_write_new() else {
            throw ArchiveError(SystemError("compress", "an archive", .noMemory))
        }
        self.handle = handle
        target = Target(sink)
        switch compression {
        case .none: break
        case .gzip:
            try check(archive_write_add_filter_gzip(handle))
            // No time in the header.
            try check(archive_write_set_filter_option(handle, "gzip", "timestamp", nil))
            try check(archive_write_set_filter_option(handle, "gzip", "compression-level", "6"))
        case .zstd:
            try check(archive_write_add_filter_zstd(handle))
            try check(archive_write_set_filter_option(handle, "zstd", "compression-level", "3"))
        // One thread: its bytes differ from those of several, whose buffers take 100 MB.
        }
        try check(archive_write_set_format_raw(handle))
        try check(archive_write_set_bytes_per_block(handle, 1 << 20))
        try check(archive_write_set_bytes_in_last_block(handle, 1))
        let context = Unmanaged.passUnretained(target).toOpaque()
        try check(
            archive_write_open2(
                handle, context, nil,
                { _, context, bytes, count in
                    guard let context, let bytes else { return -1 }
                    let target = Unmanaged<Target>.fromOpaque(context).takeUnretainedValue()
                    do {
                        try target.sink.write(UnsafeRawBufferPointer(start: bytes, count: count))
                        return count
                    } catch {
                        target.error = error
                        return -1
                    }
                }, nil, nil))
        let entry = archive_entry_new2(handle)
        defer { archive_entry_free(entry) }
        archive_entry_set_filetype(entry, 0o100000)
        try check(archive_write_header(handle, entry))
    }

    deinit {
        archive_write_free(handle)
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let part = UnsafeRawBufferPointer(rebasing: rest)
            let count = archive_write_data(handle, part.baseAddress, part.count)
            if count <= 0 { try fail() }
            rest = rest.dropFirst(count)
        }
    }

    /// Writes what the library still holds.
    func finish() throws {
        try check(archive_write_close(handle))
    }

    private func check(_ result: Int32) throws {
        if result != ARCHIVE_OK && result != ARCHIVE_WARN { try fail() }
    }

    private func fail() throws {
        if let error = target.error { throw error }
        let reason = archive_error_string(handle).map { String(cString: $0) } ?? "unknown reason"
        throw ArchiveError(.unsupported, "cannot compress an archive: \(reason)")
    }
}
