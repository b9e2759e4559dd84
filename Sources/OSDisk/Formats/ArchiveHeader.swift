import SystemCalls

/// Members of a tar archive as the cache's canonical form has them: ustar, with one pax record for a huge size.
///
/// https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html#tag_20_92_13_06
enum ArchiveHeader {
    /// What ends an archive: two blocks of zeros.
    static let end = [UInt8](repeating: 0, count: 1024)
    private static let largestSize: Int64 = 8 << 30 - 1

    /// The header of a file whose name has at most 100 bytes.
    static func file(_ name: String, size: Int64) -> [UInt8] {
        let header = block(name, size: size, type: "0")
        if size <= largestSize { return header }
        let record = record("size", "\(size)")
        let parts = name.split(separator: "/").map(String.init)
        let extended = (parts.dropLast() + ["PaxHeader"] + parts.suffix(1)).joined(separator: "/")
        let place = parts.count > 1 ? extended : "/" + extended
        return block(place, size: Int64(record.count), type: "x") + record + padding(Int64(record.count)) + header
    }

    /// The zeros after `size` bytes of content.
    static func padding(_ size: Int64) -> [UInt8] { [UInt8](repeating: 0, count: Int((512 - size % 512) % 512)) }

    private static func record(_ name: String, _ value: String) -> [UInt8] {
        let rest = " \(name)=\(value)\n"
        var length = rest.utf8.count
        while "\(length)".utf8.count + rest.utf8.count != length {
            length = "\(length)".utf8.count + rest.utf8.count
        }
        return Array("\(length)\(rest)".utf8)
    }

    private static func block(_ name: String, size: Int64, type: String) -> [UInt8] {
        var block: [UInt8] = []
        func field(_ text: String, _ length: Int) {
            let bytes = text.utf8.prefix(length)
            block += Array(bytes) + [UInt8](repeating: 0, count: length - bytes.count)
        }
        field(name, 100)
        field("000644 ", 8)
        field("000000 ", 8)
        field("000000 ", 8)
        field(size > largestSize ? octal(size, 12) : octal(size, 11) + " ", 12)
        field(octal(FixedTime.seconds, 11) + " ", 12)
        field("        ", 8)
        field(type, 1)
        field("", 100)
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
