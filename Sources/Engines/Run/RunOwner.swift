import Glibc
import Hashing
import SystemCalls
import SystemPackage

/// Who a container of ours belongs to: the process that runs it, as the container's label says.
struct RunOwner: Hashable, Sendable {
    /// The label that every container of ours carries.
    static let label = "io.cache-image.run"

    /// The boot of the machine, the process' namespace, its number and its time of start.
    let boot: String
    let namespace: String
    let pid: pid_t
    let start: UInt64

    /// This process.
    static var current: RunOwner {
        RunOwner(
            boot: Surroundings.boot, namespace: ownNamespace, pid: getpid(),
            start: CancelledProgram.status(of: getpid())?.start ?? 0)
    }

    private static var ownNamespace: String {
        ((try? Files.linkText("/proc/self/ns/pid")) ?? nil).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// The label's value.
    var text: String { "\(boot)/\(namespace)/\(pid)/\(start)" }

    init(boot: String, namespace: String, pid: pid_t, start: UInt64) {
        (self.boot, self.namespace, self.pid, self.start) = (boot, namespace, pid, start)
    }

    /// Reads a label's value; nil where it is none of ours.
    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 4, let pid = pid_t(parts[2]), let start = UInt64(parts[3]) else { return nil }
        self.init(boot: parts[0], namespace: parts[1], pid: pid, start: start)
    }

    /// Whether the process has certainly ended.
    ///
    /// Of a process of another machine, boot or namespace nothing is known.
    var isProvablyDead: Bool {
        if boot.isEmpty || namespace.isEmpty || boot != Surroundings.boot || namespace != Self.ownNamespace {
            return false
        }
        return CancelledProgram.status(of: pid)?.start != start
    }
}

/// A container in use, noted in the state folder by a file that its owner holds locked: a free lock proves that the owner is
/// gone, whatever its namespace was.
struct RunNote: Sendable {
    let path: FilePath
    private let lock: FileLock

    /// Notes a container; nil where nothing can be written.
    init?(_ container: String, of engine: Engine) {
        guard let folder = Self.folder(engine) else { return nil }
        try? Files.createDirectories(folder, permissions: 0o700)
        path = folder.appending(Self.prefix(engine) + container)
        guard let lock = (try? FileLock.tryAcquire(path)) ?? nil else { return nil }
        self.lock = lock
    }

    /// The container is gone.
    func remove() {
        _ = try? Files.remove(path)
        lock.release()
    }

    /// The containers of this engine and store whose owners are gone.
    static func abandoned(_ engine: Engine) -> [(container: String, note: FilePath)] {
        guard let folder = folder(engine), let names = try? Files.names(in: folder) else { return [] }
        let prefix = prefix(engine)
        return names.map(\.string).filter { $0.hasPrefix(prefix) }.compactMap { name in
            let path = folder.appending(name)
            guard let lock = (try? FileLock.tryAcquire(path)) ?? nil else { return nil }
            lock.release()
            return (String(name.dropFirst(prefix.count)), path)
        }
    }

    /// Whether containers of this engine can be noted.
    static func canBeWritten(_ engine: Engine) -> Bool {
        guard let folder = folder(engine) else { return false }
        try? Files.createDirectories(folder, permissions: 0o700)
        return folder.withPlatformString { access($0, W_OK) } == 0
    }

    private static func folder(_ engine: Engine) -> FilePath? { engine.state?.appending("runs") }

    /// What tells this engine's store from any other.
    private static func prefix(_ engine: Engine) -> String {
        "\(engine.name)-\(engine.storeIdentity)-"
    }
}

extension Engine {
    /// What tells this engine's service or store, and its user, from any other.
    var storeIdentity: String {
        let variables = EngineFinding.variables(environment).sorted { $0.key < $1.key }
        let text = variables.map { "\($0.key)=\($0.value)\n" }.joined()
        let all = text + (finding?.endpoint ?? "") + "\n\(environment["HOME"] ?? "")\n\(geteuid())"
        return String(SHA256Digest(of: all.utf8).hexadecimal.prefix(16))
    }
}
