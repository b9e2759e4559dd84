import Glibc
import Synchronization
import SystemCalls
import SystemPackage

/// Passes a program's errors on to ours as they come, but holds back the first ones while they look like the engine's
/// own failure to start anything: that failure is told once, by the error, or not at all where a second try works.
final class ErrorRelay: Sendable {
    private struct State {
        var held: [UInt8] = []
        var isOpen = false
    }

    private static let marks = ["Error: ", "docker: ", "time=\""].map { Array($0.utf8) }
    private let state = Mutex(State())

    func take(_ bytes: [UInt8]) {
        state.withLock { state in
            if !state.isOpen {
                state.held += bytes
                let isMark = Self.marks.contains { $0.starts(with: state.held.prefix($0.count)) }
                if isMark, state.held.count < 64 << 10 { return }
                state.isOpen = true
            }
            Self.write(state.held.isEmpty ? bytes : state.held)
            state.held = []
        }
    }

    /// Whether all that came so far was held back.
    var isHeld: Bool { state.withLock { !$0.isOpen } }

    /// Writes what was held back, or drops it.
    func finish(dropping isDropped: Bool) {
        state.withLock { state in
            if !isDropped { Self.write(state.held) }
            state.held = []
        }
    }

    private static func write(_ bytes: [UInt8]) {
        try? Files.write(bytes, to: .standardError, named: "stderr")
    }
}
