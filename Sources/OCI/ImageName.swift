/// The name of an image as a team declares it: `NAME:TAG`, with the tag `latest` where none is written.
///
/// https://github.com/distribution/reference/blob/main/reference.go
public struct ImageName: Hashable, Sendable {
    /// The name: an optional registry host and path components, such as `rinna-python-tests` or `ghcr.io/team/app`.
    public let name: String
    /// The tag.
    public let tag: String

    /// Reads `NAME` or `NAME:TAG`; a digest is no part of a name.
    public init(_ text: some StringProtocol) throws(OCIError) {
        let text = String(text)
        let object = "the image name \(text)"
        if text.contains("@") { throw OCIError(object, "a digest cannot be part of it") }
        let lastComponent = text.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
        if let colon = lastComponent.firstIndex(of: ":") {
            try self.init(name: String(text[..<colon]), tag: String(lastComponent[colon...].dropFirst()))
        } else {
            try self.init(name: String(text), tag: "latest")
        }
    }

    /// Takes a name and a tag.
    public init(name: String, tag: String) throws(OCIError) {
        let object = "the image name \(name):\(tag)"
        guard Self.isTag(tag) else {
            throw OCIError(
                object, "a tag is 1 to 128 letters, digits, _, . and -, and begins with a letter, a digit or _")
        }
        let components = name.split(separator: "/", omittingEmptySubsequences: false)
        let hasHost = components.count > 1 && Self.isHost(components[0])
        if hasHost, !Self.isValidHost(components[0]) { throw OCIError(object, "\(components[0]) is no registry host") }
        for component in components.dropFirst(hasHost ? 1 : 0) where !Self.isPathComponent(component) {
            throw OCIError(
                object,
                "a part of a name is lower-case letters and digits, joined by one . or _, two _, or any number of -")
        }
        if name.utf8.count > 255 { throw OCIError(object, "a name is at most 255 bytes long") }
        self.name = name
        self.tag = tag
    }

    /// Whether the name begins with a registry host (a first component with a dot or a port, or `localhost`).
    public var hasHost: Bool {
        let components = name.split(separator: "/")
        return components.count > 1 && Self.isHost(components[0])
    }

    /// The spellings under which an engine may hold the image: as declared, podman's `localhost/`, `docker.io/`.
    public var spellings: [String] {
        let bare = description
        if !hasHost {
            return [bare, "localhost/" + bare, "docker.io/" + (name.contains("/") ? "" : "library/") + bare]
        }
        for prefix in ["docker.io/library/", "docker.io/"] where bare.hasPrefix(prefix) {
            return [bare, String(bare.dropFirst(prefix.count))]
        }
        return [bare]
    }

    /// The stem of the names of the image's files: `NAME-TAG`, `/` and `:` escaped, the platform after it unless it is
    /// linux/amd64.
    public func stem(platform: Platform) -> String {
        var stem = ""
        for character in "\(name)-\(tag)" {
            switch character {
            case "/": stem += "%2F"
            case ":": stem += "%3A"
            default: stem.append(character)
            }
        }
        if platform == Platform.linuxAMD64 { return stem }
        return stem + "-" + platform.description.split(separator: "/").joined(separator: "-")
    }

    private static func isHost(_ component: Substring) -> Bool {
        component == "localhost" || component.contains(".") || component.contains(":")
            || component.utf8.contains(where: isUpper)
    }

    private static func isValidHost(_ component: Substring) -> Bool {
        let parts = component.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 2, let host = parts.first else { return false }
        if parts.count == 2, parts[1].isEmpty || !parts[1].utf8.allSatisfy(isDigit) { return false }
        return host.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
            guard let first = label.utf8.first, let last = label.utf8.last else { return false }
            return isAlphanumeric(first) && isAlphanumeric(last)
                && label.utf8.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
        }
    }

    private static func isPathComponent(_ component: Substring) -> Bool {
        guard let first = component.utf8.first, let last = component.utf8.last, isLowerOrDigit(first),
            isLowerOrDigit(last)
        else { return false }
        let separators = component.utf8.split(whereSeparator: isLowerOrDigit).map { Array($0) }
        return separators.allSatisfy { run in
            run == Array(".".utf8) || run == Array("_".utf8) || run == Array("__".utf8)
                || run.allSatisfy { $0 == UInt8(ascii: "-") }
        }
    }

    private static func isTag(_ tag: String) -> Bool {
        guard let first = tag.utf8.first, tag.utf8.count <= 128 else { return false }
        func isWord(_ byte: UInt8) -> Bool { isAlphanumeric(byte) || byte == UInt8(ascii: "_") }
        return isWord(first)
            && tag.utf8.allSatisfy { isWord($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
    private static func isUpper(_ byte: UInt8) -> Bool { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) }
    private static func isLowerOrDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || isDigit(byte)
    }
    private static func isAlphanumeric(_ byte: UInt8) -> Bool { isLowerOrDigit(byte) || isUpper(byte) }
}

extension ImageName: CustomStringConvertible {
    /// `NAME:TAG`.
    public var description: String { "\(name):\(tag)" }
}
