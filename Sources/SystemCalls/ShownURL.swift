/// URLs as they are shown: what may be a secret in an `http` or `https` URL stands as `***`.
///
/// A login is a token as often as a name, and a query may hold a token or a signature. This is the only place that
/// decides it; whatever prints a URL, or a text of a server that may hold one, asks here.
public enum ShownURL {
    /// A text in which every `http` and `https` URL is shown without login and query.
    public static func masked(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: ":")) else { return text }
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var copied = 0
        var index = 0
        while index < bytes.count {
            guard let start = authority(of: bytes, at: index) else {
                index += 1
                continue
            }
            let end = bytes[start...].firstIndex(where: isEnd) ?? bytes.count
            let authorityEnd = bytes[start..<end].firstIndex { "/?#\\".utf8.contains($0) } ?? end
            // A password may hold a `/` or a `?` that should have been encoded; no host is followed by such an `@`.
            if let at = bytes[start..<authorityEnd].lastIndex(of: UInt8(ascii: "@"))
                ?? wildLogin(bytes[start..<end], upTo: authorityEnd)
            {
                result += bytes[copied..<start]
                result += SecretName.mask.utf8
                copied = at
            }
            if let query = bytes[max(copied, start)..<end].firstIndex(of: UInt8(ascii: "?")), query + 1 < end {
                let queryEnd = bytes[query..<end].firstIndex(of: UInt8(ascii: "#")) ?? end
                result += bytes[copied...query]
                result += SecretName.mask.utf8
                copied = queryEnd
            }
            index = end
        }
        if copied == 0 { return text }
        return String(decoding: result + bytes[copied...], as: UTF8.self)
    }

    /// Where the authority begins of a URL whose scheme begins at an index; nil where none does.
    private static func authority(of bytes: [UInt8], at index: Int) -> Int? {
        guard bytes[index] | 0x20 == UInt8(ascii: "h") else { return nil }
        for scheme in ["https://", "http://"] {
            let end = index + scheme.utf8.count
            if end <= bytes.count, zip(bytes[index..<end], scheme.utf8).allSatisfy({ lowercased($0) == $1 }) {
                return end
            }
        }
        return nil
    }

    /// The `@` of a login whose password is not encoded, such as `user:a/b@host`: only where a port would be no number.
    private static func wildLogin(_ rest: ArraySlice<UInt8>, upTo end: Int) -> Int? {
        guard let colon = rest[..<end].lastIndex(of: UInt8(ascii: ":")),
            rest[(colon + 1)..<end].contains(where: { !(0x30...0x39).contains($0) })
        else { return nil }
        return rest.lastIndex(of: UInt8(ascii: "@"))
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }

    /// Whether a URL in a text ends before this byte.
    private static func isEnd(_ byte: UInt8) -> Bool {
        byte <= 0x20 || byte == 0x7F || "\"<>`".utf8.contains(byte)
    }
}
