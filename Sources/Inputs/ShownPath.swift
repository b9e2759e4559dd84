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
}
