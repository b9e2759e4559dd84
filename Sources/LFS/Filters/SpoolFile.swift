import Glibc
import SystemCalls
import SystemPackage

/// A file without a name, for content that must be read whole before it can be sent on.
final class SpoolFile {
    private let descriptor: FileDescriptor
    private static let name = "a temporary file"

    init(in folder: FilePath) throws {
        try Files.createDirectories(folder)
        let path = folder.appending("spool-\(getpid())-\(String(UInt64.random(in: 0 ... .max), radix: 36))")
        descriptor = try Files.create(path)
        try Files.remove(path)
    }

    deinit {
        try? descriptor.close()
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        try Files.write(bytes, to: descriptor, named: Self.name)
    }

    /// All that was written, from the start.
    func rewound() throws -> ByteSource {
        try checked("read", Self.name) { lseek(descriptor.rawValue, 0, SEEK_SET) }
        return { [self] buffer in try Files.read(descriptor, into: &buffer, named: Self.name) }
    }
}
