extension BaseReference {
    /// Normalises an image reference, as Docker does: registry, `library/` and `:latest` are filled in.
    init(_ text: String, platform: String, line: Int) throws(DockerfileError) {
        let invalid = DockerfileError("failed to parse stage name \(Quoted.string(text)): invalid reference format")
        if text.utf8.count == 64, text.utf8.allSatisfy(Self.isHexadecimal) { throw invalid }
        var rest = text[...]
        var registry = "docker.io"
        if let slash = rest.firstIndex(of: "/") {
            let first = rest[..<slash]
            if first.contains(".") || first.contains(":") || first == "localhost"
                || first.utf8.contains(where: { (0x41...0x5A).contains($0) })
            {
                registry = first == "index.docker.io" ? "docker.io" : String(first)
                rest = rest[slash...].dropFirst()
                guard Self.isRegistry(first) else { throw invalid }
            }
        }
        var digest: String?
        if let at = rest.firstIndex(of: "@") {
            digest = String(rest[at...].dropFirst())
            rest = rest[..<at]
            guard let digest, Self.isDigest(digest) else { throw invalid }
        }
        var tag: String?
        if let colon = rest.firstIndex(of: ":") {
            tag = String(rest[colon...].dropFirst())
            rest = rest[..<colon]
            guard let tag, Self.isTag(tag) else { throw invalid }
        }
        var path = String(rest)
        if registry == "docker.io", !path.contains("/") { path = "library/" + path }
        if path.utf8.contains(where: { (0x41...0x5A).contains($0) }) {
            throw DockerfileError("\(invalid.reason): repository name (\(path)) must be lowercase")
        }
        guard path.split(separator: "/", omittingEmptySubsequences: false).allSatisfy(Self.isPathComponent),
            registry.utf8.count + 1 + path.utf8.count <= 255
        else { throw invalid }
        if tag == nil, digest == nil { tag = "latest" }
        self.text = text
        name = "\(registry)/\(path)\(tag.map { ":" + $0 } ?? "")\(digest.map { "@" + $0 } ?? "")"
        self.digest = digest
        self.platform = platform
        self.line = line
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte) || (0x41...0x5A).contains(byte)
    }

    /// Letters and digits, in parts that `.`, `_`, `__` or dashes join.
    private static func isPathComponent(_ text: Substring) -> Bool {
        var separator = ""
        var hasPart = false
        for byte in text.utf8 {
            if (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte) {
                let isJoin = ["", ".", "_", "__"].contains(separator) || separator.allSatisfy { $0 == "-" }
                if !isJoin || (!separator.isEmpty && !hasPart) { return false }
                separator = ""
                hasPart = true
            } else if ".-_".utf8.contains(byte) {
                separator.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                return false
            }
        }
        return hasPart && separator.isEmpty
    }

    private static func isTag(_ text: String) -> Bool {
        guard let first = text.utf8.first, text.utf8.count <= 128 else { return false }
        return (isAlphanumeric(first) || first == UInt8(ascii: "_"))
            && text.utf8.allSatisfy { isAlphanumeric($0) || "_.-".utf8.contains($0) }
    }

    /// Whether a text is a digest of an algorithm that container tools know.
    static func isDigest(_ text: String) -> Bool {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1].utf8.allSatisfy(isHexadecimal) else { return false }
        switch parts[0] {
        case "sha256": return parts[1].utf8.count == 64
        case "sha384": return parts[1].utf8.count == 96
        case "sha512": return parts[1].utf8.count == 128
        default: return false
        }
    }

    private static func isRegistry(_ text: Substring) -> Bool {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        if text.hasPrefix("[") { return text.contains("]") }
        guard let host = parts.first, !host.isEmpty, parts.count <= 2 else { return false }
        if parts.count == 2, parts[1].isEmpty || !parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            return false
        }
        return host.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
            guard let first = label.utf8.first, let last = label.utf8.last else { return false }
            return isAlphanumeric(first) && isAlphanumeric(last)
                && label.utf8.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
        }
    }
}
