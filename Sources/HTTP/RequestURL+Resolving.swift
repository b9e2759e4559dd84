extension RequestURL {
    /// Resolves a reference, as it stands in a `Location` header, against this URL (RFC 3986, 5.2); user and password are not inherited.
    public func resolving(_ reference: String) throws(HTTPError) -> RequestURL {
        let text = String(reference.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)[0])
        if Self.hasScheme(text) { return try RequestURL(text) }
        if text.hasPrefix("//") { return try RequestURL("\(scheme):\(text)") }
        let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let newQuery = parts.count > 1 ? "?" + parts[1] : ""
        if text.isEmpty || parts[0].isEmpty {
            return try RequestURL(origin + path + (text.isEmpty ? query.map { "?" + $0 } ?? "" : newQuery))
        }
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "/"
        let joined = parts[0].hasPrefix("/") ? String(parts[0]) : folder + parts[0]
        return try RequestURL(origin + Self.removingDotSegments(joined) + newQuery)
    }

    private static func hasScheme(_ text: String) -> Bool {
        guard let colon = text.firstIndex(of: ":"), let first = text.first, first.isASCII, first.isLetter else {
            return false
        }
        return text[..<colon].allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0)) }
    }

    private static func removingDotSegments(_ path: String) -> String {
        var result: [Substring] = []
        let segments = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        for (index, segment) in segments.enumerated() {
            if segment == ".." { _ = result.popLast() }
            if segment != "." && segment != ".." {
                result.append(segment)
            } else if index == segments.count - 1 {
                result.append("")
            }
        }
        return "/" + result.joined(separator: "/")
    }
}
