import Hashing
import SystemCalls

extension Pointer {
    /// Reads a pointer; nil for bytes that are none.
    ///
    /// Blank lines, CR LF, a missing last LF and space around the text are accepted, as git-lfs does; `isCanonical(_:)`
    /// tells whether the text is the one valid encoding.
    public init?(parsing bytes: some Collection<UInt8>) {
        guard bytes.count < Self.maximumLength else { return nil }
        var lines = Self.lines(bytes)
        if lines.isEmpty {
            // Nothing is the pointer of nothing; white space is content.
            guard bytes.isEmpty else { return nil }
            self = .empty
            return
        }
        var extensions: [Extension] = []
        guard let version = Self.take("version", &lines, &extensions),
            version == Self.version || Self.aliases.contains(version),
            let oid = Self.take("oid", &lines, &extensions).flatMap({ Self.digest($0) }),
            let size = Self.take("size", &lines, &extensions).flatMap({ Int64($0) }), size >= 0, lines.isEmpty,
            Set(extensions.map(\.priority)).count == extensions.count
        else { return nil }
        self.init(oid: oid, size: Size(size), extensions: extensions.sorted { $0.priority < $1.priority })
    }

    /// Whether bytes are the one valid encoding of a pointer.
    public static func isCanonical(_ bytes: some Collection<UInt8>) -> Bool {
        Pointer(parsing: bytes).map { $0.encoded.elementsEqual(bytes) } ?? false
    }

    /// The lines that are not empty, without their line ends and without the white space around the whole text.
    private static func lines(_ bytes: some Collection<UInt8>) -> ArraySlice<[UInt8]> {
        let isSpace = { (byte: UInt8) in byte == 32 || (9...13).contains(byte) }
        var text = Array(bytes.drop(while: isSpace))
        while let last = text.last, isSpace(last) { text.removeLast() }
        return text.split(separator: UInt8(ascii: "\n")).map { line in
            Array(line.last == UInt8(ascii: "\r") ? line.dropLast() : line)
        }.filter { !$0.isEmpty }[...]
    }

    /// Takes the line of a key, and the extension lines before it.
    private static func take(
        _ key: String, _ lines: inout ArraySlice<[UInt8]>, _ extensions: inout [Extension]
    ) -> String? {
        while let line = lines.popFirst() {
            guard let text = String(validating: line, as: UTF8.self), let space = text.firstIndex(of: " ") else {
                return nil
            }
            let value = String(text[text.index(after: space)...])
            if text[..<space] == key { return value }
            guard let item = Self.extension(text[..<space], value) else { return nil }
            extensions.append(item)
        }
        return nil
    }

    private static func `extension`(_ key: Substring, _ value: String) -> Extension? {
        let parts = key.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "ext", parts[1].utf8.count == 1, let priority = Int(parts[1]),
            let first = parts[2].utf8.first, first == UInt8(ascii: "_") || Character(UnicodeScalar(first)).isASCIIWord,
            let oid = digest(value)
        else { return nil }
        return Extension(priority: priority, name: String(parts[2]), oid: oid)
    }

    private static func digest(_ value: String) -> SHA256Digest? {
        SHA256Digest(value)
    }
}

extension Character {
    fileprivate var isASCIIWord: Bool { isASCII && (isLetter || isNumber) }
}
