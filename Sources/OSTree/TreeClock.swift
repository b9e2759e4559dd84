import Synchronization

/// Measures the stages of a build, and tells of each as it begins.
final class TreeClock: Sendable {
    private struct State {
        var stages: [(name: String, seconds: Double)] = []
        var running: (name: String, start: ContinuousClock.Instant)?
    }

    private let state = Mutex(State())
    private let tell: @Sendable (String) -> Void

    init(_ tell: @escaping @Sendable (String) -> Void) {
        self.tell = tell
    }

    /// Ends the stage that runs, and begins one.
    func begin(_ name: String) {
        end()
        state.withLock { $0.running = (name, .now) }
        tell(name)
    }

    /// Ends the stage that runs, and gives all.
    func finish() -> [(name: String, seconds: Double)] {
        end()
        return state.withLock { $0.stages }
    }

    private func end() {
        state.withLock { state in
            guard let running = state.running else { return }
            let time = (ContinuousClock.now - running.start).components
            state.stages.append((running.name, Double(time.seconds) + Double(time.attoseconds) / 1e18))
            state.running = nil
        }
    }
}
