import SystemCalls
import SystemPackage

/// Paths as records and messages show them: relative to the root, never absolute.
enum ShownPath {
    /// The path of a file below `root`, or up from it by `..`; `.` for the root itself.
    static func of(_ path: FilePath, in root: FilePath) -> String {
        path.seen(from: root)
    }
}
