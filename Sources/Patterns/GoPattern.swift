import SystemCalls

/// A wildcard source of COPY or ADD: Go's `path.Match` over the whole path.
public struct GoPattern: Hashable, Sendable {
    /// The pattern's bytes.
    public let bytes: [UInt8]
    private let glob: Glob

    /// Compiles a pattern.
    public init(_ bytes: [UInt8]) throws(PatternError) {
        guard let glob = Glob(bytes, dialect: .pathMatch) else {
            throw PatternError("malformed pattern: \(String(decoding: bytes, as: UTF8.self))")
        }
        self.bytes = bytes
        self.glob = glob
    }

    /// Whether a source is a pattern: it holds `*`, `?` or `[`, not escaped.
    public static func isWildcard(_ bytes: [UInt8]) -> Bool {
        var isEscaped = false
        for byte in bytes {
            if !isEscaped, "*?[".utf8.contains(byte) { return true }
            isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
        }
        return false
    }

    /// The folders at the start of the pattern that hold no wildcard: nothing outside of them can match.
    public var literalFolder: RelativePath {
        var folder: [ArraySlice<UInt8>] = []
        let components = bytes.split(separator: UInt8(ascii: "/"))
        for component in components.dropLast() {
            if component.contains(where: { "*?[\\".utf8.contains($0) }) { break }
            folder.append(component)
        }
        return RelativePath(bytes: Array(folder.joined(separator: [UInt8(ascii: "/")])))
    }

    /// Whether the pattern matches the whole path.
    public func matches(_ path: RelativePath) -> Bool {
        glob.matches(path.bytes[...])
    }

    /// Whether the pattern could match something below the folder.
    public func mayMatch(below folder: RelativePath) -> Bool {
        folder.bytes.isEmpty || glob.mayMatch(beginningWith: (folder.bytes + [UInt8(ascii: "/")])[...])
    }
}
