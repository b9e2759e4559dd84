import Synchronization
import SystemPackage

/// What this process must not leave behind when a signal ends it: programs and transfers that it stops, and files that
/// it would remove at last.
public enum Unfinished {
    private struct State {
        var work = 0
        var containers = 0
        var files: Set<FilePath> = []
    }

    private static let state = Mutex(State())

    /// Whether a program that was started still runs, or a transfer is not closed: both hear of a cancellation.
    public static var hasWork: Bool { state.withLock { $0.work > 0 } }

    /// A program was started, or a transfer.
    public static func begin() { state.withLock { $0.work += 1 } }

    /// It has ended.
    public static func end() { state.withLock { $0.work -= 1 } }

    /// Whether a container lives that only we remove: no signal ends this process before that is done.
    public static var hasContainers: Bool { state.withLock { $0.containers > 0 } }

    /// Runs `body`, which makes containers and sees to it that they are removed, even where the task is cancelled.
    public static func holdingContainers<Result>(
        isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> Result
    ) async rethrows -> Result {
        state.withLock { $0.containers += 1 }
        defer { state.withLock { $0.containers -= 1 } }
        return try await body()
    }

    /// A temporary file or folder is made, and removed or renamed later.
    public static func note(_ path: FilePath) { state.withLock { _ = $0.files.insert(path) } }

    /// It was removed, or got its own name.
    public static func forget(_ path: FilePath) { state.withLock { _ = $0.files.remove(path) } }

    /// Removes the temporary files that are left.
    public static func removeFiles() {
        let files = state.withLock { state in
            defer { state.files = [] }
            return state.files
        }
        for path in files { try? Files.removeTree(path) }
    }
}
