import Console
import Synchronization

/// Shows a build as it goes: all that the engine says at `-v`, else its steps one by one.
final class BuildDisplay: Sendable {
    private let terminal: Terminal
    private let pending = Mutex<[UInt8]>([])

    init(_ terminal: Terminal) {
        self.terminal = terminal
    }

    /// Takes output of the engine as it comes.
    func show(_ bytes: [UInt8]) {
        if terminal.options.verbosity > 0 { return terminal.relay(bytes) }
        let lines = pending.withLock { pending -> [String] in
            pending += bytes
            guard let end = pending.lastIndex(of: 0x0A) else { return [] }
            let complete = String(decoding: pending[..<end], as: UTF8.self)
            pending.removeFirst(end + 1)
            return complete.split(separator: "\n").map(String.init)
        }
        for line in lines where Self.isStep(line) { terminal.activity(line) }
    }

    /// The build is over: the line that is written over goes away.
    func finish() {
        pending.withLock { $0 = [] }
        terminal.activity(nil)
    }

    /// Whether a line announces a step: `STEP 2/8: …`, `[2/2] STEP 3/8: …`, `Step 2/8 : …`, `#7 [2/4] RUN …`.
    static func isStep(_ line: String) -> Bool {
        if line.hasPrefix("STEP ") || line.hasPrefix("Step ") { return true }
        guard let bracket = line.firstIndex(of: "["), line[..<bracket].allSatisfy({ "# 0123456789".contains($0) }),
            let end = line[bracket...].firstIndex(of: "]")
        else { return false }
        return line[bracket..<end].contains("/")
    }
}
