import SystemCalls

/// The bytes around a member of a canonical archive: its header, and the fill to whole blocks.
///
/// https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html#tag_20_92_13_06; the fields are laid out as
/// libarchive's restricted pax writer does. They are written here, not by the library, since the bytes must never depend
/// on its version.
enum TarHeader {
    static let blockSize: Int64 = 512
    /// What ends an archive: two blocks of zeros.
    static let end = [UInt8](repeating: 0, count: 1024)
    /// The largest size that eleven octal digits hold.
    static let largestSize: Int64 = 8 << 30 - 1

    /// The header of a file; where its size does not fit, a pax record before it.
    static func file(_ name: String, size: Int64) -> [UInt8] {
        member(Array(name.utf8), size: size)
    }

    /// The header of any member; what does not fit into its fields stands in pax records before it.
    static func member(
        _ name: [UInt8], size: Int64 = 0, mode: Int64 = 0o644, type: Unicode.Scalar = "0", link: [UInt8] = []
    ) -> [UInt8] {
        var records: [UInt8] = []
        if name.count > 100 { records += paxRecord("path", name) }
        if link.count > 100 { records += paxRecord("linkpath", link) }
        if size > largestSize { records += paxRecord("size", Array(String(size).utf8)) }
        let header = block(name, size: size, mode: mode, type: type, link: link)
        if records.isEmpty { return header }
        let parts = name.split(separator: UInt8(ascii: "/"))
        let folder = parts.dropLast().joined(separator: [UInt8(ascii: "/")])
        let extended = Array(folder) + Array("/PaxHeader/".utf8) + (parts.last ?? [])
        return block(extended, size: Int64(records.count), mode: 0o644, type: "x", link: []) + records
            + padding(Int64(records.count)) + header
    }

    /// The zeros after `size` bytes of content.
    static func padding(_ size: Int64) -> [UInt8] {
        [UInt8](repeating: 0, count: Int((blockSize - size % blockSize) % blockSize))
    }

    /// `LENGTH NAME=VALUE` and LF, where LENGTH counts all of it.
    static func paxRecord(_ name: String, _ value: [UInt8]) -> [UInt8] {
        let rest = Array(" \(name)=".utf8) + value + [UInt8(ascii: "\n")]
        var length = rest.count
        while "\(length)".utf8.count + rest.count != length { length = "\(length)".utf8.count + rest.count }
        return Array("\(length)".utf8) + rest
    }

    private static func block(
        _ name: [UInt8], size: Int64, mode: Int64, type: Unicode.Scalar, link: [UInt8]
    ) -> [UInt8] {
        var block: [UInt8] = []
        block.reserveCapacity(512)
        func field(_ text: some Sequence<UInt8>, _ length: Int) {
            let bytes = Array(text.prefix(length))
            block += bytes + [UInt8](repeating: 0, count: length - bytes.count)
        }
        func field(_ text: String, _ length: Int) { field(text.utf8, length) }
        field(name, 100)
        field(octal(mode, 6) + " ", 8)
        field("000000 ", 8)
        field("000000 ", 8)
        field(size > largestSize ? octal(size, 12) : octal(size, 11) + " ", 12)
        field(octal(FixedTime.seconds, 11) + " ", 12)
        field("        ", 8)
        field(String(type), 1)
        field(link, 100)
        field("ustar", 6)
        field("00", 2)
        field("", 64)
        field("000000 ", 8)
        field("000000 ", 8)
        field("", 167)
        let sum = block.reduce(0) { $0 + Int64($1) }
        block.replaceSubrange(148..<156, with: Array(octal(sum, 6).utf8) + [0, UInt8(ascii: " ")])
        return block
    }

    private static func octal(_ value: Int64, _ digits: Int) -> String {
        let text = String(value, radix: 8)
        return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
    }
}
