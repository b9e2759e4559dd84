import CShims
import Glibc
import Synchronization

/// The file mode creation mask, changed on the calling thread for as long as a call runs.
///
/// Libraries create files by modes of their own; the mask is the only way to have them right from the start.
public enum CreationMask {
    private static let lock = Mutex(())
    /// The mask that the process was started with; only setting it tells it.
    private static let own: mode_t = {
        let mask = umask(0o022)
        umask(mask)
        return mask
    }()

    /// Runs `body` with the mask that `change` makes of the present one; not to be nested.
    public static func changed<Result>(
        _ change: (mode_t) -> mode_t, _ body: () throws -> Result
    ) rethrows -> Result {
        try lock.withLock { _ in
            // Other threads go on with the process' own mask, where the system lets them.
            _ = cshims_own_creation_mask()
            umask(change(own))
            defer { umask(own) }
            return try body()
        }
    }
}
