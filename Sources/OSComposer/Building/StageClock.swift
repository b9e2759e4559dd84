import Synchronization

/// How long the stages of a build take.
final class StageClock: Sendable {
    private let state = Mutex<(done: [(name: String, seconds: Double)], running: (String, ContinuousClock.Instant)?)>(
        ([], nil))
    private let tell: @Sendable (String) -> Void

    /// - Parameter tell: Gets the name of each stage as it begins.
    init(tell: @escaping @Sendable (String) -> Void) {
        self.tell = tell
    }

    /// Begins a stage, which ends the one before.
    func begin(_ name: String) {
        tell(name)
        state.withLock { state in
            Self.close(&state)
            state.running = (name, .now)
        }
    }

    /// The stages, the last one ended.
    func finish() -> [(name: String, seconds: Double)] {
        state.withLock { state in
            Self.close(&state)
            return state.done
        }
    }

    private static func close(
        _ state: inout (done: [(name: String, seconds: Double)], running: (String, ContinuousClock.Instant)?)
    ) {
        guard let (name, start) = state.running else { return }
        let passed = ContinuousClock.now - start
        let seconds = Double(passed.components.seconds) + Double(passed.components.attoseconds) / 1e18
        state.done.append((name, seconds))
        state.running = nil
    }
}
