import Glibc

/// Runs work that blocks (pipes, libarchive) on a thread of its own, away from Swift's few.
enum BlockingThread {
    /// Runs `body`; a broken pipe is an error there, no signal.
    static func run<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            let box = Box { continuation.resume(with: Swift.Result { try body() }) }
            var thread = pthread_t()
            var attributes = pthread_attr_t()
            pthread_attr_init(&attributes)
            pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
            let context = Unmanaged.passRetained(box)
            let result = pthread_create(
                &thread, &attributes,
                { context in
                    guard let context else { return nil }
                    var signals = sigset_t()
                    sigemptyset(&signals)
                    sigaddset(&signals, SIGPIPE)
                    pthread_sigmask(SIG_BLOCK, &signals, nil)
                    Unmanaged<Box>.fromOpaque(context).takeRetainedValue().body()
                    return nil
                }, context.toOpaque())
            pthread_attr_destroy(&attributes)
            if result != 0 {
                context.release()
                continuation.resume(throwing: EngineError(.failed(status: result), "cannot start a thread"))
            }
        }
    }

    private final class Box: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
}
