/// URLs as they are shown: what may be a secret stands as `***`.
///
/// In an `http` or `https` URL that is the login, a token as often as a name, and the query, which may hold a token or a
/// signature. In any other URL it is the password: `ssh://git@host` is shown as it is. This is the only place that
/// decides it; whatever prints a URL, or a text of a server that may hold one, asks here.
public enum ShownURL {
    /// A text in which every URL is shown without its secrets.
    public static func masked(_ text: String) -> String {
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var copied = 0
        var index = 0
        func mask(_ range: Range<Int>) {
            result += bytes[copied..<range.lowerBound]
            result += SecretName.mask.utf8
            copied = range.upperBound
        }
        while let start = authority(in: bytes, from: index) {
            let end = end(of: bytes, from: start)
            let isWeb = isWeb(bytes[..<start])
            let authorityEnd = bytes[start..<end].firstIndex { "/?#\\".utf8.contains($0) } ?? end
            var rest = start
            if let at = brokenLogin(bytes, start, upTo: end) {
                mask((isWeb ? start : (bytes[start..<at].firstIndex(of: UInt8(ascii: ":")) ?? start) + 1)..<at)
                index = at
                continue
            }
            if let at = bytes[start..<authorityEnd].lastIndex(of: UInt8(ascii: "@"))
                ?? wildLogin(bytes[start..<end], upTo: authorityEnd)
            {
                let colon = bytes[start..<at].firstIndex(of: UInt8(ascii: ":"))
                if isWeb { mask(start..<at) } else if let colon { mask(colon + 1..<at) }
                rest = at
            }
            if isWeb, let query = bytes[rest..<end].firstIndex(of: UInt8(ascii: "?")), query + 1 < end {
                mask(query + 1..<(bytes[query..<end].firstIndex(of: UInt8(ascii: "#")) ?? end))
            }
            index = end
        }
        return copied == 0 ? text : String(decoding: result + bytes[copied...], as: UTF8.self)
    }

    /// Where the next authority begins, behind `SCHEME://`; nil where there is none.
    private static func authority(in bytes: [UInt8], from index: Int) -> Int? {
        var rest = bytes[index...]
        while let colon = rest.firstIndex(of: UInt8(ascii: ":")) {
            let start = colon + 3
            if start < bytes.count, bytes[colon + 1] == UInt8(ascii: "/"), bytes[colon + 2] == UInt8(ascii: "/"),
                colon > 0, !isEnd(bytes[colon - 1])
            {
                return start
            }
            rest = bytes[(colon + 1)...]
        }
        return nil
    }

    /// Whether what stands before an authority ends in `http://` or `https://`.
    private static func isWeb(_ bytes: ArraySlice<UInt8>) -> Bool {
        let scheme = bytes.dropLast(3).suffix(5).map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        return scheme.elementsEqual("https".utf8) || scheme.suffix(4).elementsEqual("http".utf8)
    }

    /// The `@` of a login whose password is not encoded, such as `user:a/b@host`: where a port would be no number.
    private static func wildLogin(_ rest: ArraySlice<UInt8>, upTo end: Int) -> Int? {
        guard let colon = rest[..<end].lastIndex(of: UInt8(ascii: ":")),
            rest[(colon + 1)..<end].contains(where: { !(0x30...0x39).contains($0) })
        else { return nil }
        return rest.lastIndex(of: UInt8(ascii: "@"))
    }

    /// The `@` behind a login that holds a blank, where what stands before the blank is no host with a port.
    private static func brokenLogin(_ bytes: [UInt8], _ start: Int, upTo end: Int) -> Int? {
        guard end < bytes.count, bytes[end] == UInt8(ascii: " "),
            let colon = bytes[start..<end].lastIndex(of: UInt8(ascii: ":")),
            !bytes[start..<end].contains(where: { "/?#@".utf8.contains($0) }),
            bytes[(colon + 1)..<end].contains(where: { !(0x30...0x39).contains($0) })
        else { return nil }
        let line = bytes[start...].prefix { $0 != UInt8(ascii: "\n") }
        return line.prefix { $0 != UInt8(ascii: "/") }.lastIndex(of: UInt8(ascii: "@"))
    }

    /// Where a URL in a text ends: at a blank, or at the quote that was opened before it.
    private static func end(of bytes: [UInt8], from start: Int) -> Int {
        var first = start - 3
        while first > 0, isSchemeByte(bytes[first - 1]) { first -= 1 }
        let quotes: [UInt8: UInt8] = [
            UInt8(ascii: "\""): UInt8(ascii: "\""), UInt8(ascii: "<"): UInt8(ascii: ">"),
            UInt8(ascii: "`"): UInt8(ascii: "`"),
        ]
        let quote = first > 0 ? quotes[bytes[first - 1]] : nil
        return bytes[start...].firstIndex { $0 <= 0x20 || $0 == 0x7F || $0 == quote } ?? bytes.count
    }

    private static func isSchemeByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "+-.".utf8.contains(byte)
        }
    }

    /// Whether a byte cannot stand before the colon of a URL.
    private static func isEnd(_ byte: UInt8) -> Bool {
        byte <= 0x20 || byte == 0x7F || "\"<>`".utf8.contains(byte)
    }
}
