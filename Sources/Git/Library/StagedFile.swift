import SystemCalls

/// A file to be staged.
public struct StagedFile: Hashable, Sendable {
    /// Where the blob's bytes come from.
    public enum Content: Hashable, Sendable {
        /// The work tree's file, converted as `git add` does (line ends).
        case workTree
        /// These bytes, such as the pointer that stands for a large file.
        case blob([UInt8])
    }

    /// The path below the work tree; the file must be there, for its stat data.
    public let path: RelativePath
    /// Where the blob's bytes come from.
    public let content: Content

    /// Names a file and what Git shall hold of it.
    public init(_ path: RelativePath, _ content: Content = .workTree) {
        self.path = path
        self.content = content
    }
}
