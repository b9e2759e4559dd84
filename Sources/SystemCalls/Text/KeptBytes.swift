import SystemPackage

/// Text that may hold a path: Git's configuration, a command line.
///
/// A path is any bytes, a `String` is not. A byte that is no part of valid UTF-8 becomes a character of its own, from
/// U+10FF80 to U+10FFFF, which nobody writes; `keptBytes` makes the byte of it again.
extension String {
    /// The text of some bytes, from which all of them can be had again.
    public init(keeping bytes: some Collection<UInt8>) {
        if let text = String(validating: bytes, as: UTF8.self), !text.unicodeScalars.contains(where: \.isKeptByte) {
            self = text
            return
        }
        self = ""
        var parser = Unicode.UTF8.ForwardParser()
        var source = bytes.makeIterator()
        var rest = Array(bytes)[...]
        while true {
            let length: Int
            switch parser.parseScalar(from: &source) {
            case .emptyInput: return
            case .error(let count): length = count
            case .valid(let encoded):
                length = encoded.count
                let scalar = UTF8.decode(encoded)
                if !scalar.isKeptByte {
                    unicodeScalars.append(scalar)
                    rest = rest.dropFirst(length)
                    continue
                }
            }
            for byte in rest.prefix(length) { unicodeScalars.append(Unicode.Scalar(keeping: byte)) }
            rest = rest.dropFirst(length)
        }
    }

    /// Whether bytes that are not UTF-8 stand in the text.
    public var hasKeptBytes: Bool { unicodeScalars.contains(where: \.isKeptByte) }

    /// The bytes that the text was made of.
    public var keptBytes: [UInt8] {
        // The first byte of all such characters.
        guard utf8.contains(0xF4) else { return Array(utf8) }
        var bytes: [UInt8] = []
        for scalar in unicodeScalars {
            if scalar.isKeptByte {
                bytes.append(UInt8(truncatingIfNeeded: scalar.value))
            } else {
                bytes += Array(UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            }
        }
        return bytes
    }
}

extension Unicode.Scalar {
    /// Whether the character stands for a byte that is not UTF-8.
    public var isKeptByte: Bool { value >= 0x10FF80 }

    /// The character for a byte from 0x80.
    init(keeping byte: UInt8) {
        self = Unicode.Scalar(0x10FF00 + UInt32(byte)) ?? "\u{FFFD}"
    }
}

extension FilePath {
    /// The path that a text names, which may hold bytes that are not UTF-8.
    public init(keeping text: String) {
        self.init(bytes: text.keptBytes)
    }
}
