import Glibc
import SystemCalls
import SystemPackage

/// Reading and writing places of a file that this process made.
enum Patch {
    /// Opens a file to read and write it, no link followed.
    static func open(_ path: FilePath) throws(SystemError) -> FileDescriptor {
        let number = try checked("open", path.string) {
            path.withPlatformString { Glibc.open($0, O_RDWR | O_CLOEXEC | O_NOFOLLOW) }
        }
        return FileDescriptor(rawValue: number)
    }

    /// Reads exactly so many bytes; fewer are an error.
    static func read(
        _ count: Int, at offset: Int64, from descriptor: FileDescriptor, named name: String
    ) throws(SystemError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let part = try checked("read", name) {
                bytes.withUnsafeMutableBytes { buffer in
                    pread(descriptor.rawValue, buffer.baseAddress.map { $0 + done }, count - done, off_t(offset) + done)
                }
            }
            if part == 0 { throw SystemError("read", name, .invalidArgument, reason: "it ends too early") }
            done += part
        }
        return bytes
    }

    /// Writes bytes at a place.
    static func write(
        _ bytes: [UInt8], at offset: Int64, to descriptor: FileDescriptor, named name: String
    ) throws(SystemError) {
        var done = 0
        while done < bytes.count {
            done += try checked("write", name) {
                bytes.withUnsafeBytes { buffer in
                    let start = buffer.baseAddress.map { $0 + done }
                    return pwrite(descriptor.rawValue, start, bytes.count - done, off_t(offset) + done)
                }
            }
        }
    }
}
