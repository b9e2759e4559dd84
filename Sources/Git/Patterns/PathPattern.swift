/// One pattern of `.gitignore` or `.gitattributes`, made ready for matching.
struct PathPattern: Sendable {
    /// The line of its file.
    let line: Int
    /// The pattern as it stands there.
    let text: [UInt8]
    /// Whether the pattern takes back what earlier ones said (`!`).
    let isNegative: Bool
    /// Whether it matches folders only (`/` at the end).
    let mustBeDirectory: Bool
    private let bytes: [UInt8]
    private let basenameOnly: Bool
    /// How many bytes at the start are no wildcard, and what follows them.
    private let literal: Int
    private let isSuffix: Bool

    init(_ text: some Sequence<UInt8>, line: Int = 0) {
        var bytes = Array(text)
        self.line = line
        self.text = bytes
        isNegative = bytes.first == UInt8(ascii: "!")
        if isNegative { bytes.removeFirst() }
        mustBeDirectory = bytes.last == UInt8(ascii: "/")
        if mustBeDirectory { bytes.removeLast() }
        basenameOnly = !bytes.contains(UInt8(ascii: "/"))
        if !basenameOnly, bytes.first == UInt8(ascii: "/") { bytes.removeFirst() }
        self.bytes = bytes
        literal = bytes.firstIndex { Self.isSpecial($0) } ?? bytes.count
        isSuffix =
            basenameOnly && bytes.first == UInt8(ascii: "*") && !bytes.dropFirst().contains { Self.isSpecial($0) }
    }

    private static func isSpecial(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "*"), UInt8(ascii: "?"), UInt8(ascii: "["), UInt8(ascii: "\\"): true
        default: false
        }
    }

    /// Whether the pattern can match anything directly in a folder.
    ///
    /// - Parameters:
    ///   - folder: The folder's path, with a slash behind it unless it is the root.
    ///   - depth: How many bytes of it name the folder of the pattern's file, its slash included.
    ///   - caseFold: `core.ignorecase`.
    func mayMatch(in folder: [UInt8], depth: Int, caseFold: Bool) -> Bool {
        if basenameOnly || caseFold { return true }
        let text = folder.dropFirst(depth).prefix(literal)
        return text.elementsEqual(bytes.prefix(text.count))
    }

    /// Whether the pattern of a file in a folder matches a path.
    ///
    /// - Parameters:
    ///   - path: The whole path, without a trailing slash.
    ///   - folder: How many bytes of the path name the folder of the pattern's file, its slash included.
    ///   - name: Where the last component starts.
    ///   - isDirectory: What the path names.
    ///   - caseFold: `core.ignorecase`.
    func matches(_ path: [UInt8], folder: Int, name: Int, isDirectory: Bool, caseFold: Bool) -> Bool {
        if mustBeDirectory && !isDirectory { return false }
        let text = path[(basenameOnly ? name : folder)...]
        if basenameOnly {
            if !caseFold {
                if literal == bytes.count { return text.elementsEqual(bytes) }
                if isSuffix {
                    let end = bytes.count - 1
                    return text.count >= end && text.suffix(end).elementsEqual(bytes.dropFirst())
                }
            }
            return Wildmatch.matches(bytes[...], text, pathname: false, caseFold: caseFold)
        }
        let prefix = text.prefix(literal)
        guard prefix.count == literal else { return false }
        let agrees =
            caseFold
            ? prefix.elementsEqual(bytes[..<literal]) { $0.lowercased == $1.lowercased }
            : prefix.elementsEqual(bytes[..<literal])
        // Like Git: what follows the literal start is matched by itself, so that `a**/b` matches `ab`, too.
        return agrees
            && Wildmatch.matches(bytes[literal...], text.dropFirst(literal), pathname: true, caseFold: caseFold)
    }
}
