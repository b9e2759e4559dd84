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
    /// Whether Git shall hold it as a program, also where the file system cannot say so (`core.filemode`).
    public let isProgram: Bool

    /// Names a file and what Git shall hold of it.
    public init(_ path: RelativePath, _ content: Content = .workTree, isProgram: Bool = false) {
        self.path = path
        self.content = content
        self.isProgram = isProgram
    }
}
