/// Texts of a template that become names of files, lines of configuration files or words of command lines.
enum PlainText {
    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: false
        }
    }

    /// Whether a text starts with a letter or digit, and is made of these and some other characters.
    private static func isWord(_ text: String, _ others: String, limit: Int) -> Bool {
        let others = Set(others.utf8)
        return text.utf8.count <= limit && text.utf8.first.map(isAlphanumeric) == true
            && text.utf8.allSatisfy { isAlphanumeric($0) || others.contains($0) }
    }

    /// A word that is safe as the name of a file or folder.
    static func fileName(_ text: String) -> String? {
        isWord(text, "-_.+", limit: 100) && !text.contains("..")
            ? nil : "has to be a word of letters, digits, \"-\", \"_\", \".\" and \"+\", 100 at most"
    }

    /// `image.version`.
    static func version(_ text: String) -> String? {
        isWord(text, "-_.+~", limit: 100) && !text.contains("..")
            ? nil : "has to be a version such as 1.0.0"
    }

    /// The name of a user or group.
    static func userName(_ text: String) -> String? {
        let bytes = Array(text.utf8)
        let isGood =
            bytes.count <= 32
            && bytes.first.map { (0x61...0x7A).contains($0) || $0 == UInt8(ascii: "_") } == true
            && bytes.allSatisfy {
                (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "_")
                    || $0 == UInt8(ascii: "-")
            }
        return isGood
            ? nil : "has to be of small letters, digits, \"_\" and \"-\", not start with a digit, and have 32 at most"
    }

    /// A host name: labels of letters, digits and hyphens.
    static func hostName(_ text: String) -> String? {
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        let isGood =
            text.utf8.count <= 64
            && labels.allSatisfy { label in
                !label.isEmpty && label.utf8.count <= 63 && label.first != "-" && label.last != "-"
                    && label.utf8.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
            }
        return isGood ? nil : "has to be a host name of letters, digits, \"-\" and dots, 64 at most"
    }

    /// The name of a package, with apt's `=VERSION` and `:ARCH`, and with wildcards.
    static func package(_ text: String) -> String? {
        isWord(text, "+_.:~*?[]=-^", limit: 250) && text.utf8.last != UInt8(ascii: "-")
            ? nil : "is no name of a package"
    }

    /// A word without blanks and special characters, such as a suite: `bookworm-security`, `stable/updates`.
    static func suite(_ text: String) -> String? {
        isWord(text, "-_.+/~", limit: 100)
            && !text.split(separator: "/", omittingEmptySubsequences: false).contains("..")
            && !text.contains("//") ? nil : "has to be a word of letters, digits, \"-\", \"_\", \".\" and \"/\""
    }

    /// An absolute path, written without `..` and special characters.
    static func absolutePath(_ text: String) -> String? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: true)
        let isGood =
            text.hasPrefix("/") && text.utf8.count <= 1000 && !parts.contains("..") && !parts.contains(".")
            && parts.allSatisfy { $0.utf8.count <= 255 } && isLine(text)
        return isGood ? nil : "has to be an absolute path without \"..\""
    }

    /// Whether a text has no control characters.
    static func isLine(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) }
    }

    /// A text of one line.
    static func line(_ text: String) -> String? {
        isLine(text) && text.utf8.count <= 4000 ? nil : "has to be one line without control characters"
    }

    /// Printable ASCII without blanks, quotes and backslashes.
    static func word(_ text: String) -> String? {
        text.utf8.count <= 1000 && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x5C }
            ? nil : "has to be one word of printable characters"
    }

    /// An address that packages are fetched from.
    static func url(_ text: String) -> String? {
        let schemes = ["http://", "https://", "file:///"]
        guard let scheme = schemes.first(where: { text.lowercased().hasPrefix($0) }), text.utf8.count <= 2000,
            text.utf8.count > scheme.utf8.count,
            text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && !"\"<>\\^`{|}".utf8.contains($0) })
        else { return "has to be an address that begins with http://, https:// or file:///" }
        return nil
    }
}
