import CArchive
import Glibc
import SystemCalls
import SystemPackage

/// Bytes for libarchive: it calls for the next piece; a failure waits here until the library has given up.
final class ReaderSource {
    private let read: (UnsafeMutableRawBufferPointer) throws -> Int
    private let seekable: FileDescriptor?
    private let buffer = Buffer()
    /// Bytes that were looked at and not given yet.
    private var start: [UInt8] = []
    private(set) var error: (any Error)?
    /// Sees all bytes before they are given.
    var inspect: (UnsafeRawBufferPointer) throws -> Void = { _ in }
    /// How many bytes may still be given before something comes of them, and the error where they are asked for.
    private var allowance: (left: Int, excess: any Error)?

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

    /// Whether content can be passed over without being read.
    var isSeekable: Bool { seekable != nil }

    /// The first bytes, which are given all the same; fewer where there are no more.
    func peek(_ count: Int) throws -> [UInt8] {
        while start.count < count {
            let piece = UnsafeMutableRawBufferPointer(rebasing: buffer.bytes[..<(count - start.count)])
            let length = try read(piece)
            if length == 0 { break }
            start += UnsafeRawBufferPointer(rebasing: piece[..<length])
        }
        return start
    }

    /// Gives `count` bytes at most until this is called again.
    func allow(_ count: Int, else excess: any Error) {
        allowance = (count, excess)
    }

    /// Gives as much as is asked for.
    func allowAll() {
        allowance = nil
    }

    func next(_ piece: inout UnsafeRawPointer?) -> Int {
        piece = UnsafeRawPointer(buffer.bytes.baseAddress)
        if error != nil { return -1 }
        do {
            let most = min(allowance?.left ?? .max, buffer.bytes.count)
            if most == 0, let allowance { throw allowance.excess }
            let room = UnsafeMutableRawBufferPointer(rebasing: buffer.bytes[..<most])
            let count = start.isEmpty ? try read(room) : giveStart(room)
            try inspect(UnsafeRawBufferPointer(rebasing: room[..<count]))
            allowance?.left -= count
            return count
        } catch {
            self.error = error
            return -1
        }
    }

    private func giveStart(_ room: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(start.count, room.count)
        room.copyBytes(from: start[..<count])
        start.removeFirst(count)
        return count
    }

    func skip(_ request: Int64) -> Int64 {
        guard let seekable, start.isEmpty, error == nil, request > 0 else { return 0 }
        return lseek(seekable.rawValue, off_t(request), SEEK_CUR) < 0 ? 0 : request
    }
}
