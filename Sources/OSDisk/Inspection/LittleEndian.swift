import SystemCalls

extension [UInt8] {
    /// The number of `length` bytes at an offset, the lowest first; 0 where the bytes end before.
    func number(at offset: Int, _ length: Int) -> UInt64 {
        guard offset >= 0, offset + length <= count else { return 0 }
        return (0..<length).reduce(0) { $0 | UInt64(self[offset + $1]) << (8 * UInt64($1)) }
    }

    /// A text that ends with a zero or with its field, without blanks at its end.
    func text(at offset: Int, _ length: Int) -> String {
        guard offset >= 0, offset + length <= count else { return "" }
        var bytes = self[offset..<offset + length].prefix { $0 != 0 }
        while bytes.last == UInt8(ascii: " ") { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// 16 bytes as a UUID; its first three numbers are stored with the lowest byte first where it is a GUID.
    func uuid(at offset: Int, isGUID: Bool = false) -> String {
        guard offset >= 0, offset + 16 <= count else { return "" }
        let order = isGUID ? [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15] : Array<Int>(0..<16)
        let digits = order.map { [self[offset + $0]].hexadecimal() }
        return [0..<4, 4..<6, 6..<8, 8..<10, 10..<16].map { digits[$0].joined() }.joined(separator: "-")
    }
}
