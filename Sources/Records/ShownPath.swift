import SystemCalls
import SystemPackage

/// Paths as records and messages show them: relative to the root, never absolute.
package enum ShownPath {
    /// The path of a file below `root`, or up from it by `..`; `.` for the root itself.
    package static func of(_ path: FilePath, in root: FilePath) -> String {
        path.seen(from: root)
    }

    /// Names the files of a folder in messages.
    package static func naming(_ folder: FilePath, in root: FilePath) -> @Sendable ([UInt8]) -> String {
        let prefix = ShownPath.of(folder, in: root)
        return { path in
            let text = String(decoding: path, as: UTF8.self)
            if path.isEmpty { return prefix }
            return prefix == "." ? text : prefix + "/" + text
        }
    }
}
