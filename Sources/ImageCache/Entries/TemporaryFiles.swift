import SystemCalls
import SystemPackage

/// The removal of temporary files that a killed command left (`TemporaryName`).
enum TemporaryFiles {
    /// Removes what commands that are gone left in a folder; what a living process has is not touched.
    ///
    /// What belongs to another user stays until that user's next command.
    ///
    /// Only to be called with the cache's lock held.
    static func sweep(_ folder: FilePath) throws(SystemError) {
        for path in try TemporaryName.leftovers(in: folder) {
            do {
                try Files.removeTree(path)
            } catch  where error.errno == .permissionDenied || error.errno == .notPermitted {
                continue
            }
        }
    }
}
