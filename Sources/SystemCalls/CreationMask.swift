import Glibc
import Synchronization

/// The process' file mode creation mask, changed for as long as a call runs.
///
/// Libraries create files by modes of their own; the mask is the only way to have them right from the start.
public enum CreationMask {
    private static let lock = Mutex(())

    /// Runs `body` with the mask that `change` makes of the present one; not to be nested.
    public static func changed<Result>(
        _ change: (mode_t) -> mode_t, _ body: () throws -> Result
    ) rethrows -> Result {
        try lock.withLock { _ in
            let present = umask(0o077)
            umask(change(present))
            defer { umask(present) }
            return try body()
        }
    }
}
