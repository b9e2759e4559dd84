import Glibc
import SystemCalls

/// Runs blocking work on a thread of its own and waits for it without holding a thread of Swift's pool.
///
/// SIGPIPE is blocked on that thread, so that a peer that goes away is an error of the call that wrote to it.
public func onOwnThread<Result: Sendable>(
    _ work: @escaping @Sendable () throws -> Result
) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
        let box = ThreadWork { continuation.resume(with: Swift.Result { try work() }) }
        let context = Unmanaged.passRetained(box)
        var thread = pthread_t()
        let code = pthread_create(
            &thread, nil,
            { context in
                var set = sigset_t()
                sigemptyset(&set)
                sigaddset(&set, SIGPIPE)
                pthread_sigmask(SIG_BLOCK, &set, nil)
                if let context { Unmanaged<ThreadWork>.fromOpaque(context).takeRetainedValue().run() }
                return nil
            }, context.toOpaque())
        if code == 0 {
            pthread_detach(thread)
        } else {
            context.release()
            continuation.resume(throwing: SystemError("start", "a thread", .init(rawValue: code)))
        }
    }
}

private final class ThreadWork: Sendable {
    let run: @Sendable () -> Void

    init(_ run: @escaping @Sendable () -> Void) {
        self.run = run
    }
}
