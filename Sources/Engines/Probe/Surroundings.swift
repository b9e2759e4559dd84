import JSON
import Synchronization
import SystemCalls
import SystemPackage

/// What was found out about this machine and the engine on it, for as long as the program runs, and in a file for later.
final class Surroundings: Sendable {
    private struct State {
        var isRead = false
        var facts: [String: String] = [:]
        var noted: Set<String> = []
        var cached: [String: String] = [:]
    }

    private let state = Mutex(State())
    private let file: FilePath?

    init(file: FilePath?) {
        self.file = file
    }

    /// A fact, found out now or in an earlier run.
    func fact(_ name: String) -> String? {
        state.withLock { state in
            read(&state)
            return state.facts[name]
        }
    }

    /// Remembers a fact, or forgets it; a file that cannot be written is no failure.
    func remember(_ name: String, _ value: String?) {
        state.withLock { state in
            read(&state)
            if state.facts[name] == value { return }
            state.facts[name] = value
            guard let file else { return }
            let text = JSONValue.map(state.facts.mapValues { .string($0) }).text + "\n"
            StateFolder.replace(file, with: Array(text.utf8))
        }
    }

    /// What was found out since the program started.
    func cached(_ name: String) -> String? {
        state.withLock { $0.cached[name] }
    }

    /// Remembers something until the program ends.
    func cache(_ name: String, _ value: String) {
        state.withLock { $0.cached[name] = value }
    }

    /// Whether this is said for the first time.
    func isNew(_ note: String) -> Bool {
        state.withLock { $0.noted.insert(note).inserted }
    }

    private func read(_ state: inout State) {
        if state.isRead { return }
        state.isRead = true
        // A command with nothing to do writes no fact, and so would leave what a killed one left beside the file.
        if let file { TemporaryName.removeLeftovers(in: file.removingLastComponent(), filesOnly: true) }
        guard let file, let bytes = try? Files.readPlain(file, limit: 1 << 20),
            let members = (try? JSONValue(parsing: bytes))?.members
        else { return }
        for member in members { state.facts[member.name] = member.value.string }
    }
}

extension Surroundings {
    /// The identity of this boot of the machine; empty where it cannot be told.
    static let boot: String = {
        let bytes = (try? Files.read("/proc/sys/kernel/random/boot_id")) ?? nil
        return bytes.map { String(decoding: $0, as: UTF8.self).trimmed } ?? ""
    }()

    /// Whether this process may raise resource limits (CAP_SYS_RESOURCE).
    static let mayRaiseLimits = ResourceLimits.mayRaise

    /// The limits of open files and processes that a container may have: not above our own.
    static var ownLimits: (files: UInt64, processes: UInt64) {
        let text = ((try? Files.read("/proc/sys/kernel/pid_max")) ?? nil).map { String(decoding: $0, as: UTF8.self) }
        let mostProcesses = text.flatMap { UInt64($0.trimmed) } ?? 32768
        return (min(ResourceLimits.files, 1_048_576), min(ResourceLimits.processes, mostProcesses))
    }
}
