import SystemCalls
import SystemPackage

/// Where a filter's bytes come from: fills the buffer from its start and gives their number, 0 at the end.
public typealias ByteSource = (inout [UInt8]) throws -> Int
/// Where a filter's bytes go.
public typealias ByteOutput = (UnsafeRawBufferPointer) throws -> Void

/// Sources and sinks of files.
public enum ByteStream {
    static let bufferSize = 256 << 10

    /// Reads an open file or pipe to its end.
    public static func reading(_ descriptor: FileDescriptor, named name: String) -> ByteSource {
        { buffer in try Files.read(descriptor, into: &buffer, named: name) }
    }

    /// Writes to an open file or pipe.
    public static func writing(_ descriptor: FileDescriptor, named name: String) -> ByteOutput {
        { bytes in try Files.write(bytes, to: descriptor, named: name) }
    }

    /// The first bytes of a source, up to `count`; fewer only where the source has ended.
    package static func head(_ source: ByteSource, _ count: Int) throws -> [UInt8] {
        var head: [UInt8] = []
        while head.count < count {
            var buffer = [UInt8](repeating: 0, count: count - head.count)
            let read = try source(&buffer)
            if read == 0 { break }
            head += buffer[..<read]
        }
        return head
    }

    /// Hands on the rest of a source.
    static func copy(_ source: ByteSource, to sink: ByteOutput) throws {
        var buffer = [UInt8](repeating: 0, count: bufferSize)
        while true {
            let count = try source(&buffer)
            if count == 0 { return }
            try buffer.withUnsafeBytes { try sink(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
        }
    }

    /// Hands on bytes at hand.
    static func write(_ bytes: [UInt8], to sink: ByteOutput) throws {
        if !bytes.isEmpty { try bytes.withUnsafeBytes { try sink($0) } }
    }

    /// Hands on a whole file of the work tree, which must be no link.
    package static func copy(plain file: FilePath, to sink: ByteOutput) throws {
        let descriptor = try Files.openPlain(file)
        defer { try? descriptor.close() }
        try copy(reading(descriptor, named: file.string), to: sink)
    }

    /// Hands on a whole file.
    static func copy(_ file: FilePath, to sink: ByteOutput) throws {
        let descriptor = try Files.openRegular(file)
        defer { try? descriptor.close() }
        try copy(reading(descriptor, named: file.string), to: sink)
    }
}
