import SystemPackage

/// A path within an argument of a program: what the argument says about it stands before and behind.
public struct ArgumentPath: Hashable, Sendable {
    /// The argument's place among the others.
    public let index: Int
    /// The text before the path.
    public let head: String
    /// The path, absolute.
    public let path: FilePath
    /// The text behind the path.
    public let tail: String

    /// Names a path within an argument.
    public init(index: Int, head: String, path: FilePath, tail: String) {
        self.index = index
        self.head = head
        self.path = path
        self.tail = tail
    }

    /// The arguments with other paths in the places of some.
    public static func putting(
        _ places: some Sequence<FilePath>, for paths: [ArgumentPath], in arguments: [String]
    ) -> [String] {
        var arguments = arguments
        for (path, place) in zip(paths, places) where arguments.indices.contains(path.index) {
            arguments[path.index] = path.head + place.string + path.tail
        }
        return arguments
    }
}
