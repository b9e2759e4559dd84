import Git
import SystemCalls
import SystemPackage

/// What archives were read as: a command reads each to its end once, as long as it stays as it is.
///
/// Not to be used from two tasks at once.
final class ArchiveDigests {
    private var known = Remembered<Pointer>()

    /// The pointer to what a file holds, every byte of it read; nil where nothing is there.
    func pointer(of path: FilePath) throws -> Pointer? {
        try known.value(of: path) { try Pointer.of(path) }
    }
}
