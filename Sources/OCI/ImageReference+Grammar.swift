extension ImageReference {
    /// A reference taken apart, nothing filled in and nothing judged yet.
    struct Written {
        /// The registry host, as written; nil where there is none.
        var host: String?
        /// What stands between host and tag.
        var path: String
        /// The tag; nil where there is no colon.
        var tag: String?
        /// The digest; nil where there is no `@`.
        var digest: String?

        init(_ text: some StringProtocol) {
            var rest = Substring(text)
            if let slash = rest.firstIndex(of: "/"), ImageReference.isHost(rest[..<slash]) {
                host = String(rest[..<slash])
                rest = rest[slash...].dropFirst()
            }
            if let at = rest.firstIndex(of: "@") {
                digest = String(rest[at...].dropFirst())
                rest = rest[..<at]
            }
            let name = rest.lastIndex(of: "/").map { rest.index(after: $0) } ?? rest.startIndex
            if let colon = rest[name...].firstIndex(of: ":") {
                tag = String(rest[colon...].dropFirst())
                rest = rest[..<colon]
            }
            path = String(rest)
        }

        /// The host and the path, as written.
        var name: String { host.map { "\($0)/\(path)" } ?? path }
    }

    /// Why a text is no reference; its words are Docker's.
    public enum Fault: Error, Hashable, Sendable, CustomStringConvertible {
        /// 64 hexadecimal digits would be an image's id.
        case identifier
        /// This is no registry host.
        case host(String)
        /// Upper-case letters in the path.
        case upperCase(String)
        /// A part of the path is not well written.
        case component
        case tag, digest, tooLong

        /// `invalid reference format`, and what must be different.
        public var description: String {
            guard case .upperCase(let path) = self else { return "invalid reference format" }
            return "invalid reference format: repository name (\(path)) must be lowercase"
        }
    }

    /// The most bytes of a name with its host.
    static let nameLimit = 255

    /// Whether a first component is meant as a registry host: with a dot, a port or a capital, or `localhost`.
    static func isHost(_ component: Substring) -> Bool {
        component == "localhost" || component.contains(".") || component.contains(":")
            || component.utf8.contains(where: isUpper)
    }

    /// Whether a host is well written: a name or an IPv6 address in brackets, and a port where there is a colon.
    static func isValidHost(_ host: String) -> Bool {
        var rest = host[...]
        if rest.first == "[" {
            guard let end = rest.firstIndex(of: "]") else { return false }
            let address = rest[..<end].dropFirst()
            rest = rest[end...].dropFirst()
            let isAddress = address.utf8.allSatisfy { $0 == UInt8(ascii: ":") || isHexadecimal($0) }
            guard !address.isEmpty, isAddress else { return false }
        } else {
            let name = rest.prefix { $0 != ":" }
            rest = rest[name.endIndex...]
            guard name.split(separator: ".", omittingEmptySubsequences: false).allSatisfy(isLabel) else { return false }
        }
        if rest.isEmpty { return true }
        let port = rest.dropFirst()
        return rest.first == ":" && !port.isEmpty && port.utf8.allSatisfy(isDigit)
    }

    /// Whether a part of a path is lower-case letters and digits, joined by one `.` or `_`, two `_`, or any number of `-`.
    static func isPathComponent(_ component: Substring) -> Bool {
        guard let first = component.utf8.first, let last = component.utf8.last, isLowerOrDigit(first),
            isLowerOrDigit(last)
        else { return false }
        return component.utf8.split(whereSeparator: isLowerOrDigit).allSatisfy { run in
            run.elementsEqual(".".utf8) || run.elementsEqual("_".utf8) || run.elementsEqual("__".utf8)
                || run.allSatisfy { $0 == UInt8(ascii: "-") }
        }
    }

    /// Whether a tag is 1 to 128 letters, digits, `_`, `.` and `-`, and begins with none of the last two.
    static func isTag(_ tag: String) -> Bool {
        guard let first = tag.utf8.first, tag.utf8.count <= 128 else { return false }
        func isWord(_ byte: UInt8) -> Bool { isAlphanumeric(byte) || byte == UInt8(ascii: "_") }
        return isWord(first)
            && tag.utf8.allSatisfy { isWord($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") }
    }

    /// Whether all parts of a path are well written.
    static func isPath(_ path: String) -> Bool {
        path.split(separator: "/", omittingEmptySubsequences: false).allSatisfy(isPathComponent)
    }

    private static func isLabel(_ label: Substring) -> Bool {
        guard let first = label.utf8.first, let last = label.utf8.last else { return false }
        return isAlphanumeric(first) && isAlphanumeric(last)
            && label.utf8.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
    }

    static func isUpper(_ byte: UInt8) -> Bool { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) }
    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
    private static func isLowerOrDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || isDigit(byte)
    }
    private static func isAlphanumeric(_ byte: UInt8) -> Bool { isLowerOrDigit(byte) || isUpper(byte) }
    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 0x20)
    }
}
