import Glibc
import SystemPackage

/// The names `.tmp-PID-NAMESPACE-…` of temporary files and folders: who made them, and whether that is gone.
public struct TemporaryName: Sendable {
    /// How the names of this process begin.
    static var prefix: String { "\(start)\(writer)" }

    /// What says in a temporary name of another form that this process writes the file: `PID-NAMESPACE-`.
    public static var writer: String { "\(getpid())-\(ownNamespace)-" }

    private static let start = ".tmp-"
    /// Seconds for which a file may be without its writer's lock: before it is taken, and after it was closed.
    private static let unlockedSeconds: Int64 = 60
    /// Seconds after which a folder of another namespace, which nobody locks, is taken for left.
    private static let folderSeconds: Int64 = 3600

    private let pid: pid_t
    /// What stands for the namespace of the pid; nil where the name does not say it.
    private let namespace: String?

    /// Reads a name; nil where it is none of ours.
    public init?(_ name: String) {
        guard name.hasPrefix(Self.start) else { return nil }
        self.init(writer: name.dropFirst(Self.start.count))
    }

    /// Reads the part of a name that begins with `writer`; nil where it does not.
    public init?(writer text: Substring) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count > 1, let pid = pid_t(parts[0]) else { return nil }
        self.pid = pid
        namespace = parts.count > 2 ? String(parts[1]) : nil
    }

    /// The number of this process' namespace of pids, in a short form.
    private static let ownNamespace: String = {
        let text = (try? Files.linkText("/proc/self/ns/pid")) ?? []
        let digits = String(decoding: text, as: UTF8.self).filter(\.isNumber)
        return UInt64(digits).map { String($0, radix: 36) } ?? "0"
    }()

    /// Whether nobody needs a file or folder any more: its maker has ended.
    ///
    /// A pid of another namespace proves nothing. There a file is left that nobody holds locked.
    public func isLeft(_ path: FilePath) -> Bool {
        if namespace == nil || namespace == Self.ownNamespace {
            return pid != getpid() && kill(pid, 0) != 0 && errno == ESRCH
        }
        guard let status = (try? FileStatus.of(path)) ?? nil else { return false }
        let age = FileStatus.Time.now.seconds - status.modified.seconds
        switch status.kind {
        case .file: return age > Self.unlockedSeconds && !FileLock.isHeld(path)
        default: return age > Self.folderSeconds
        }
    }

    /// The paths in a folder that killed commands left.
    public static func leftovers(in folder: FilePath) throws(SystemError) -> [FilePath] {
        guard Files.exists(folder) else { return [] }
        return try Files.names(in: folder).compactMap { name in
            let path = folder.appending(name)
            return TemporaryName(name.string)?.isLeft(path) ?? false ? path : nil
        }
    }

    /// Removes what killed commands left in a folder, as far as that can be done.
    public static func removeLeftovers(in folder: FilePath) {
        for path in (try? leftovers(in: folder)) ?? [] { try? Files.removeTree(path) }
    }
}
