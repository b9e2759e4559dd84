import Git
import Hashing
import Synchronization
import SystemCalls

/// Adds up the progress of parallel transfers and tells the listener.
final class ProgressCounter: Sendable {
    private struct State {
        var progress = TransferProgress()
        var bytes: [SHA256Digest: Size] = [:]
    }

    private let state = Mutex(State())
    private let listener: (@Sendable (TransferProgress) -> Void)?

    private let log: ProgressLog?

    init(_ listener: (@Sendable (TransferProgress) -> Void)?, log: ProgressLog? = nil) {
        self.listener = listener
        self.log = log
    }

    /// Counts an object that will be transferred.
    func expect(_ pointer: Pointer) {
        change { state in
            state.progress.totalObjects += 1
            state.progress.totalBytes += pointer.size
        }
    }

    /// Sets how many bytes of an object are over; fewer than before where it began anew.
    func set(_ oid: SHA256Digest, bytes: Size) {
        change { state in
            state.progress.finishedBytes = state.progress.finishedBytes - (state.bytes[oid] ?? 0) + bytes
            state.bytes[oid] = bytes
        }
    }

    /// Counts an object as over.
    func finish(_ oid: SHA256Digest) {
        change { $0.progress.finishedObjects += 1 }
        log?.finish(oid)
    }

    private func change(_ body: (inout State) -> Void) {
        guard let listener else { return }
        let progress = state.withLock { state in
            body(&state)
            return state.progress
        }
        listener(progress)
    }
}
