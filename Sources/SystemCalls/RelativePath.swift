/// A `/`-separated path below some root, as the bytes the file system and Git hold; it need not be UTF-8.
///
/// Paths are ordered by their bytes, as Git orders its index.
public struct RelativePath: Hashable, Sendable {
    /// The path's bytes, without a leading or trailing `/`; empty for the root itself.
    public var bytes: [UInt8]

    /// Takes the bytes as they are.
    public init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Takes the UTF-8 bytes of a string as they are.
    public init(_ string: some StringProtocol) {
        bytes = Array(string.utf8)
    }

    /// The path as text, each byte that is not UTF-8 replaced; for messages only.
    public var description: String {
        String(decoding: bytes, as: UTF8.self)
    }

    /// The path with `%` and every byte that is no part of valid UTF-8 written as `%HH` (the form of JSON documents).
    public var percentEncoded: String {
        if let valid = String(validating: bytes, as: UTF8.self), !bytes.contains(UInt8(ascii: "%")) { return valid }
        var text = ""
        var rest = bytes[...]
        while let first = rest.first {
            let length = Self.scalarLength(of: rest)
            if first == UInt8(ascii: "%") || length == 0 {
                text += "%" + [first].hexadecimal(uppercase: true)
                rest = rest.dropFirst()
            } else {
                text += String(decoding: rest.prefix(length), as: UTF8.self)
                rest = rest.dropFirst(length)
            }
        }
        return text
    }

    /// Reads the form of `percentEncoded`; an incomplete escape is taken as it stands.
    public init(percentEncoded text: String) {
        let source = text.keptBytes
        var result: [UInt8] = []
        result.reserveCapacity(source.count)
        var index = 0
        while index < source.count {
            if source[index] == UInt8(ascii: "%"), index + 2 < source.count,
                let byte = [UInt8](hexadecimal: source[(index + 1)...(index + 2)])
            {
                result += byte
                index += 3
            } else {
                result.append(source[index])
                index += 1
            }
        }
        bytes = result
    }

    /// The components between the slashes.
    public var components: [ArraySlice<UInt8>] {
        bytes.split(separator: UInt8(ascii: "/"))
    }

    /// The last component; empty for the root.
    public var lastComponent: ArraySlice<UInt8> {
        components.last ?? []
    }

    /// The path of the folder that holds this path; nil for the root.
    public var parent: RelativePath? {
        if bytes.isEmpty { return nil }
        guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return RelativePath(bytes: []) }
        return RelativePath(bytes: Array(bytes[..<slash]))
    }

    /// This path with one more component, or several, below it.
    public func appending(_ suffix: RelativePath) -> RelativePath {
        if bytes.isEmpty { return suffix }
        if suffix.bytes.isEmpty { return self }
        return RelativePath(bytes: bytes + [UInt8(ascii: "/")] + suffix.bytes)
    }

    /// Whether this path is `folder` or lies below it.
    public func isInside(_ folder: RelativePath) -> Bool {
        folder.bytes.isEmpty || self == folder
            || (bytes.count > folder.bytes.count && bytes[folder.bytes.count] == UInt8(ascii: "/")
                && bytes.starts(with: folder.bytes))
    }

    /// The length of the valid UTF-8 sequence at the start of `bytes`; 0 where there is none.
    private static func scalarLength(of bytes: ArraySlice<UInt8>) -> Int {
        for length in 1...4 where bytes.count >= length {
            if String(validating: bytes.prefix(length), as: UTF8.self) != nil { return length }
        }
        return 0
    }
}

extension RelativePath: Comparable {
    /// Compares byte by byte, as Git and the key's encoding do.
    public static func < (left: RelativePath, right: RelativePath) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }
}

extension RelativePath: CustomStringConvertible, ExpressibleByStringLiteral {
    /// Takes a literal's UTF-8 bytes.
    public init(stringLiteral value: String) {
        self.init(value)
    }
}
