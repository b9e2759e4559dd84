import Glibc
import Synchronization
import SystemCalls
import SystemPackage

/// Ends what a program that was cancelled left behind: its process group, and whatever it had started until then.
///
/// A builder runs the container of a step in a session of its own, and ends it on SIGINT only once it watches it.
final class CancelledProgram: Sendable {
    private let task = Mutex<Task<Void, Never>?>(nil)

    /// Begins to end what is below the program.
    func start(_ pid: pid_t, _ activity: Activity, isGroup: Bool) {
        // Now, while the program still lives: what it leaves behind could not be told from others' programs later.
        let known = Self.descendants(of: pid)
        task.withLock { task in
            task = Task {
                var descendants = known
                for _ in 0..<120 where !activity.isProgramGone && !EndingSignal.isUrgent {
                    try? await Task.sleep(for: .milliseconds(100))
                    descendants.merge(Self.descendants(of: pid)) { old, _ in old }
                }
                for _ in 0..<6 where !EndingSignal.isUrgent {
                    let isLeft = descendants.contains { Self.status(of: $0.key)?.start == $0.value }
                    if !isLeft, !isGroup || kill(-pid, 0) != 0 { return }
                    if isGroup { kill(-pid, SIGINT) }
                    try? await Task.sleep(for: .milliseconds(500))
                }
                activity.pass(SIGKILL)
                if isGroup { kill(-pid, SIGKILL) }
                for (process, start) in descendants where Self.status(of: process)?.start == start {
                    kill(process, SIGKILL)
                }
            }
        }
    }

    /// Waits until that is done; at once where nothing was cancelled.
    func finish() async {
        await task.withLock { $0 }?.value
    }

    /// The processes below one, each with its time of start, which tells it from a later one of that number.
    private static func descendants(of root: pid_t) -> [pid_t: UInt64] {
        var statuses: [pid_t: (parent: pid_t, start: UInt64)] = [:]
        for name in (try? Files.names(in: "/proc")) ?? [] {
            if let pid = pid_t(name.string) { statuses[pid] = status(of: pid) }
        }
        var found: [pid_t: UInt64] = [:]
        var next = [root]
        while let parent = next.popLast() {
            for (pid, status) in statuses where status.parent == parent && found[pid] == nil {
                found[pid] = status.start
                next.append(pid)
            }
        }
        return found
    }

    /// What `/proc/PID/stat` says of a process that has not ended.
    static func status(of pid: pid_t) -> (parent: pid_t, start: UInt64)? {
        guard let bytes = (try? Files.read(FilePath("/proc/\(pid)/stat"))) ?? nil else { return nil }
        // The name stands in parentheses and may hold anything.
        let fields = String(decoding: bytes, as: UTF8.self).split(separator: ")").last?.split(separator: " ") ?? []
        guard fields.count > 19, fields[0] != "Z", let parent = pid_t(fields[1]), let start = UInt64(fields[19]) else {
            return nil
        }
        return (parent, start)
    }
}
