import Synchronization

/// Cuts a stream into lines, keeps the last ones and hands each on.
final class LineBuffer: Sendable {
    private struct State {
        var pending: [UInt8] = []
        var last: [String] = []
    }

    /// The longest line; what follows is a line of its own.
    private static let longestLine = 16 << 10
    private let state = Mutex(State())
    private let handle: @Sendable (String) -> Void

    init(_ handle: @escaping @Sendable (String) -> Void = { _ in }) {
        self.handle = handle
    }

    func take(_ bytes: some Sequence<UInt8>) {
        let lines = state.withLock { state in
            var lines: [String] = []
            for byte in bytes {
                if byte == UInt8(ascii: "\n") || state.pending.count == Self.longestLine {
                    lines.append(Self.line(&state))
                }
                if byte != UInt8(ascii: "\n") { state.pending.append(byte) }
            }
            return lines
        }
        lines.forEach(handle)
    }

    /// Hands the last line on, even if nothing ends it.
    func finish() {
        let line = state.withLock { state in state.pending.isEmpty ? nil : Self.line(&state) }
        if let line { handle(line) }
    }

    /// The last lines, 100 at most.
    var lastLines: [String] { state.withLock { $0.last } }

    private static func line(_ state: inout State) -> String {
        if state.pending.last == UInt8(ascii: "\r") { state.pending.removeLast() }
        let line = String(decoding: state.pending, as: UTF8.self)
        state.pending = []
        if state.last.count == 100 { state.last.removeFirst() }
        state.last.append(line)
        return line
    }
}
