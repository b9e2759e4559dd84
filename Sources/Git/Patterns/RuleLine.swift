import SystemCalls

/// A file of patterns, as it was read.
struct RuleFile {
    /// What messages call it: its path below the work tree, or its absolute path.
    let name: String
    let bytes: [UInt8]
}

/// A line of `.gitignore`, `.gitattributes` or a file like these, which decided about a path.
public struct RuleLine: Hashable, Sendable, CustomStringConvertible {
    /// The file: its path below the work tree, or its absolute path.
    public let file: String
    /// The line in it.
    public let line: Int
    /// The line's pattern.
    public let pattern: String

    init(file: String, _ pattern: PathPattern) {
        self.file = file
        line = pattern.line
        self.pattern = String(decoding: pattern.text, as: UTF8.self)
    }

    /// `FILE:LINE: PATTERN`, as `git check-ignore -v` has it.
    public var description: String { "\(file):\(line): \(pattern)" }
}
