import SystemCalls
import SystemPackage

/// Paths as records and messages show them: relative to the root, never absolute.
enum ShownPath {
    /// The path of a file below `root`, or up from it by `..`; `.` for the root itself.
    static func of(_ path: FilePath, in root: FilePath) -> String {
        let path = path.lexicallyNormalized()
        let root = root.lexicallyNormalized()
        var target = Array(path.components)
        var start = Array(root.components)
        while let first = target.first, first == start.first {
            target.removeFirst()
            start.removeFirst()
        }
        let components = start.map { _ in ".." } + target.map(\.string)
        return components.isEmpty ? "." : components.joined(separator: "/")
    }

    /// A path as a shell takes it, for the commands of hints.
    static func quoted(_ path: String) -> String {
        let isPlain = path.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte & ~0x20) || "/._-+,:@%=".utf8.contains(byte)
                || byte >= 0x80
        }
        return isPlain && !path.isEmpty
            ? path : "'\(path.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''"))'"
    }
}
