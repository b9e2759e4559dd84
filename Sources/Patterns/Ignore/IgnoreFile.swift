/// Reads ignore files.
public enum IgnoreFile {
    /// Why a text cannot be an ignore file; nil where it can.
    public static func complaint(about text: [UInt8]) -> String? { GoText.foreignEncoding(of: text) }

    /// The patterns of an ignore file, in order, cleaned; exceptions start with `!`.
    public static func patterns(of text: [UInt8]) -> [[UInt8]] {
        var patterns: [[UInt8]] = []
        var lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)[...]
        if let first = lines.first, first.starts(with: GoText.byteOrderMark) {
            lines[lines.startIndex] = first.dropFirst(GoText.byteOrderMark.count)
        }
        for line in lines {
            let content = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
            if content.first == UInt8(ascii: "#") { continue }
            var pattern = GoText.trimSpace(content)
            if pattern.isEmpty { continue }
            let isException = pattern.first == UInt8(ascii: "!")
            if isException { pattern = GoText.trimSpace(pattern.dropFirst()) }
            if !pattern.isEmpty {
                pattern = PathCleaning.clean(pattern)
                if pattern.count > 1, pattern.first == UInt8(ascii: "/") { pattern.removeFirst() }
            }
            patterns.append((isException ? [UInt8(ascii: "!")] : []) + pattern)
        }
        return patterns
    }
}
