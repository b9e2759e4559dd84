/// The text rules of Go's standard library that Dockerfiles and ignore files are read with.
package enum GoText {
    /// UTF-8's byte order mark.
    package static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// What is wrong with a text that is not UTF-8 but UTF-16 or UTF-32, as some shells of Windows write it.
    package static func foreignEncoding(of text: [UInt8]) -> String? {
        let start = text.prefix(4)
        let isWide = start.starts(with: [0xFF, 0xFE, 0, 0]) || start.elementsEqual([0, 0, 0xFE, 0xFF])
        if isWide { return "it is UTF-32: save it as UTF-8" }
        if start.starts(with: [0xFF, 0xFE]) || start.starts(with: [0xFE, 0xFF]) {
            return "it is UTF-16: save it as UTF-8"
        }
        // Without a mark: every other byte of ASCII text is zero.
        if start.count == 4, start[1] == 0, start[3] == 0, start[0] != 0, start[2] != 0 {
            return "it is UTF-16: save it as UTF-8"
        }
        if start.count == 4, start[0] == 0, start[2] == 0, start[1] != 0, start[3] != 0 {
            return "it is UTF-16: save it as UTF-8"
        }
        return nil
    }

    /// Whether a character is white space.
    package static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x80
            ? scalar.value == 0x20 || (0x09...0x0D).contains(scalar.value) : scalar.properties.isWhitespace
    }

    /// Whether a character is a letter.
    package static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
        default: false
        }
    }

    /// Whether a character is a decimal digit, of any script.
    package static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.generalCategory == .decimalNumber
    }

    /// Text without the white space at both ends.
    package static func trimSpace(_ text: some StringProtocol) -> String {
        var scalars = text.unicodeScalars[...]
        while let first = scalars.first, isSpace(first) { scalars.removeFirst() }
        while let last = scalars.last, isSpace(last) { scalars.removeLast() }
        return String(String.UnicodeScalarView(scalars))
    }

    /// Bytes without the white space at both ends; bytes that are not UTF-8 stay as they are.
    package static func trimSpace(_ bytes: some Collection<UInt8>) -> [UInt8] {
        LosslessText.bytes(of: trimSpace(LosslessText.text(of: bytes)))
    }

    /// Bytes without the white space at their start.
    package static func trimSpaceStart(_ bytes: some Collection<UInt8>) -> [UInt8] {
        let bytes = Array(bytes)
        if let first = bytes.first, first > 0x20, first < 0x80 { return bytes }
        let text = LosslessText.text(of: bytes).unicodeScalars
        return LosslessText.bytes(of: String(String.UnicodeScalarView(text.drop(while: isSpace))))
    }

    /// ASCII letters in lower case, everything else as it is.
    package static func lowercased(_ text: String) -> String {
        String(decoding: text.utf8.map { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 }, as: UTF8.self)
    }
}
