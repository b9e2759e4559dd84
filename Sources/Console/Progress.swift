import JSON
import Synchronization
import SystemCalls

/// How far something has come, shown on a `Terminal` as its options say.
public final class Progress: Sendable {
    /// What is counted.
    public enum Unit: Sendable {
        case bytes, files, steps
    }

    private let title: String
    private let unit: Unit
    private let terminal: Terminal
    private let start = ContinuousClock.now
    private let state: Mutex<State>

    private struct State {
        var completed: Int64 = 0
        var total: Int64?
        var shown: ContinuousClock.Instant?
        var isFinished = false
    }

    init(_ title: String, total: Int64?, unit: Unit, on terminal: Terminal) {
        self.title = Printable.escaped(title)
        self.unit = unit
        self.terminal = terminal
        state = Mutex(State(total: total))
        update { _ in }
    }

    /// Adds to what is done.
    public func advance(by count: Int64) {
        update { $0.completed = (Size($0.completed) + Size(count)).bytes }
    }

    /// Says what is done, and of how much where that is known by now.
    public func update(completed: Int64, total: Int64? = nil) {
        update {
            $0.completed = completed
            if let total { $0.total = total }
        }
    }

    /// Ends it; the line that is written over goes away.
    public func finish() {
        let shown = state.withLock { state -> (State, Bool) in
            let wasFinished = state.isFinished
            state.isFinished = true
            return (state, wasFinished)
        }
        if shown.1 { return }
        switch terminal.progressMode {
        case .terminal: terminal.show(status: "")
        case .json: terminal.show(progressLine: document(shown.0, isFinished: true).text)
        case .plain where shown.0.shown != nil: terminal.show(progressLine: text(shown.0))
        case .plain, .none, .automatic: break
        }
    }

    private func update(_ change: (inout State) -> Void) {
        let now = ContinuousClock.now
        let interval: Duration = terminal.progressMode == .terminal ? .milliseconds(100) : .seconds(1)
        let due = state.withLock { state -> State? in
            change(&state)
            guard !state.isFinished, now - (state.shown ?? start) >= interval else { return nil }
            state.shown = now
            return state
        }
        guard let due else { return }
        switch terminal.progressMode {
        case .terminal: terminal.show(status: text(due))
        case .plain: terminal.show(progressLine: text(due))
        case .json: terminal.show(progressLine: document(due, isFinished: false).text)
        case .none, .automatic: break
        }
    }

    private func text(_ state: State) -> String {
        let elapsed = ContinuousClock.now - start
        var parts = [title + ":"]
        if let total = state.total {
            parts.append("\(amount(state.completed)) of \(amount(total))")
            if total > 0 { parts.append("(\(Int(min(100, Double(state.completed) / Double(total) * 100))) %)") }
        } else {
            parts.append(amount(state.completed))
        }
        let seconds = Quantity.seconds(elapsed)
        if unit == .bytes, seconds >= 0.5, state.completed > 0 {
            let rate = Double(state.completed) / seconds
            parts.append("\(Quantity.bytes(Size(Int64(min(rate, 1e18)))))/s")
            if let total = state.total, total > state.completed, seconds >= 2 {
                let seconds = Double((Size(total) - Size(state.completed)).bytes) / rate
                parts.append("\(Quantity.duration(.seconds(min(seconds, 1e9)))) left")
            }
        }
        return parts.joined(separator: " ")
    }

    private func amount(_ count: Int64) -> String {
        switch unit {
        case .bytes: Quantity.bytes(Size(count))
        case .files: "\(count) files"
        case .steps: "\(count)"
        }
    }

    private func document(_ state: State, isFinished: Bool) -> JSONValue {
        .object([
            .init("progress", .string(title)), .init("completed", .integer(state.completed)),
            .init("total", state.total.map { .integer($0) } ?? .null), .init("finished", .bool(isFinished)),
        ])
    }
}
