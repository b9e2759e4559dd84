import Glibc
import SystemCalls
import SystemPackage

/// Git's pkt-line format over two descriptors.
///
/// https://git-scm.com/docs/gitprotocol-common#_pkt_line_format
final class PacketStream {
    /// The most bytes that a packet carries.
    static let maximumPayload = 65516

    private let input: FileDescriptor
    private let output: FileDescriptor
    private var buffer = [UInt8](repeating: 0, count: maximumPayload + 4)
    private var start = 0
    private var end = 0

    init(input: FileDescriptor, output: FileDescriptor) {
        self.input = input
        self.output = output
    }

    /// Makes at least `count` bytes available from `start`; false where the input ends before the first of them.
    private func fill(_ count: Int) throws -> Bool {
        while end - start < count {
            let used = start..<end
            let free = buffer.count - used.count
            let read = try buffer.withUnsafeMutableBytes { bytes in
                if used.lowerBound > 0 { bytes.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[used])) }
                let tail = UnsafeMutableRawBufferPointer(rebasing: bytes[used.count...])
                return try checked("read", "the filter's input") {
                    Glibc.read(input.rawValue, tail.baseAddress, free)
                }
            }
            start = 0
            end = used.count + read
            if read == 0 {
                if end == 0 { return false }
                throw LFSError(.failed, "read", "the filter's input", "it ended inside a packet")
            }
        }
        return true
    }

    /// The next packet's payload; nil for a flush packet.
    ///
    /// - Parameter atEnd: Set where the input has ended.
    func packet(atEnd: inout Bool) throws -> ArraySlice<UInt8>? {
        guard try fill(4) else {
            atEnd = true
            return nil
        }
        guard let header = [UInt8](hexadecimal: buffer[start..<(start + 4)]) else {
            throw LFSError(.failed, "read", "the filter's input", "a packet's length is malformed")
        }
        let length = Int(header[0]) << 8 | Int(header[1])
        if length == 0 {
            start += 4
            return nil
        }
        guard length >= 4, length <= Self.maximumPayload + 4, try fill(length) else {
            throw LFSError(.failed, "read", "the filter's input", "a packet's length \(length) is invalid")
        }
        defer { start += length }
        return buffer[(start + 4)..<(start + length)]
    }

    /// The text packets up to the next flush, without line ends; nil where the input has ended.
    func list() throws -> [[UInt8]]? {
        var lines: [[UInt8]] = []
        var atEnd = false
        while let packet = try packet(atEnd: &atEnd) {
            lines.append(Array(packet.last == UInt8(ascii: "\n") ? packet.dropLast() : packet))
        }
        return atEnd && lines.isEmpty ? nil : lines
    }

    /// The packets up to the next flush as one stream; it must be read to its end.
    func content() -> ByteSource {
        var rest: [UInt8] = []
        var isOver = false
        return { [self] buffer in
            while rest.isEmpty && !isOver {
                var atEnd = false
                if let packet = try packet(atEnd: &atEnd) {
                    rest = Array(packet)
                } else {
                    isOver = true
                }
            }
            let count = min(rest.count, buffer.count)
            buffer.replaceSubrange(..<count, with: rest[..<count])
            rest.removeFirst(count)
            return count
        }
    }

    /// Writes one text packet for each line, then a flush.
    func send(_ lines: [String]) throws {
        try send(lines.map { Array($0.utf8) })
    }

    /// Writes one text packet for each line, then a flush.
    func send(_ lines: [[UInt8]]) throws {
        var bytes: [UInt8] = []
        for line in lines { bytes += Self.header(line.count + 1) + line + [UInt8(ascii: "\n")] }
        try Files.write(bytes + Array("0000".utf8), to: output, named: "the filter's output")
    }

    /// Writes bytes as packets, without a flush.
    func sendContent(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let part = rest.prefix(Self.maximumPayload)
            try Files.write(Self.header(part.count), to: output, named: "the filter's output")
            try Files.write(UnsafeRawBufferPointer(rebasing: part), to: output, named: "the filter's output")
            rest = rest.dropFirst(part.count)
        }
    }

    private static func header(_ length: Int) -> [UInt8] {
        Array([UInt8(truncatingIfNeeded: (length + 4) >> 8), UInt8(truncatingIfNeeded: length + 4)].hexadecimal().utf8)
    }
}
