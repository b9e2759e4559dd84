import Glibc
import SystemPackage

/// The names `.tmp-PID-NAMESPACE-…` of temporary files and folders: who made them, and whether that is gone.
public struct TemporaryName: Sendable {
    /// How the names of this process begin.
    static var prefix: String { "\(start)\(writer(getpid()))" }

    /// What says in a temporary name of another form that this process writes the file: `PID-NAMESPACE-RANDOM`.
    public static var unique: String { unique(of: getpid()) }

    /// The same for another process of this machine, boot and namespace.
    package static func unique(of pid: pid_t) -> String { writer(pid) + text(UInt64.random(in: 0 ... .max)) }

    private static func writer(_ pid: pid_t) -> String { "\(pid)-\(ownNamespace ?? unknown)-" }

    /// A number as 13 digits in base 36: people do not name their files so.
    private static func text(_ number: UInt64) -> String { String(number | 1 << 63, radix: 36) }

    static let start = ".tmp-"
    /// Stands for a namespace that cannot be told; nobody's is the same.
    private static let unknown = String(repeating: "0", count: 13)
    /// Seconds for which a file may be without its writer's lock: before it is taken, and after it was closed.
    private static let unlockedSeconds: Int64 = 60
    /// Seconds after which a folder of another namespace, which nobody locks, is taken for left: no build takes as long.
    private static let folderSeconds: Int64 = 86_400

    private let pid: pid_t
    /// What stands for the machine, its boot and the namespace of the pid.
    private let namespace: Substring

    /// Reads a name; nil where it is none of ours.
    public init?(_ name: String) {
        guard name.hasPrefix(Self.start) else { return nil }
        self.init(writer: name.dropFirst(Self.start.count))
    }

    /// Reads a part of a name that is `unique`; nil where it is not, down to the number of its digits.
    public init?(writer text: Substring) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, let pid = pid_t(parts[0]), pid > 0, Self.isText(parts[1]) else { return nil }
        // A spool has a name of its own behind that of the file.
        let random = parts[2].hasSuffix(".spool") ? parts[2].dropLast(6) : parts[2]
        guard Self.isText(random) || Self.isOfFolder(random) else { return nil }
        self.pid = pid
        namespace = parts[1]
    }

    private static func isText(_ text: Substring) -> Bool {
        text.utf8.count == 13 && text.utf8.allSatisfy { $0 &- 0x61 < 26 || $0 &- 0x30 < 10 }
    }

    /// Whether a text is what `mkdtemp` puts at the end of a name.
    private static func isOfFolder(_ text: Substring) -> Bool {
        text.utf8.count == 6 && text.utf8.allSatisfy { ($0 | 0x20) &- 0x61 < 26 || $0 &- 0x30 < 10 }
    }

    /// What stands for this machine, its boot and this process' namespace of pids, in a short form.
    ///
    /// The first namespace has the same number on all machines, which may share a file system.
    private static let ownNamespace: String? = {
        guard let namespace = try? Files.linkText("/proc/self/ns/pid"), !namespace.isEmpty,
            let boot = (try? Files.read("/proc/sys/kernel/random/boot_id")) ?? nil, !boot.isEmpty
        else { return nil }
        // FNV-1a: http://www.isthe.com/chongo/tech/comp/fnv
        let hash = (boot + namespace).reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        return text(hash)
    }()

    /// Whether nobody needs a file or folder any more: its maker has ended.
    ///
    /// A pid of another namespace, boot or machine proves nothing. There a file is left that nobody holds locked. What
    /// belongs to another user is never left.
    public func isLeft(_ path: FilePath) -> Bool {
        guard let status = (try? FileStatus.of(path)) ?? nil, status.owner == geteuid() || geteuid() == 0 else {
            return false
        }
        if let own = Self.ownNamespace, namespace == own {
            return pid != getpid() && kill(pid, 0) != 0 && errno == ESRCH
        }
        let age = FileStatus.Time.now.seconds - status.modified.seconds
        switch status.kind {
        case .file: return age > Self.unlockedSeconds && !FileLock.isHeld(path)
        default: return age > Self.folderSeconds
        }
    }

    /// The paths in a folder that killed commands left.
    ///
    /// - Parameters:
    ///   - folder: The folder.
    ///   - filesOnly: Leaves folders alone, where we make none.
    public static func leftovers(in folder: FilePath, filesOnly: Bool = false) throws(SystemError) -> [FilePath] {
        guard Files.exists(folder) else { return [] }
        return try Files.names(in: folder).compactMap { name in
            let path = folder.appending(name)
            guard let ours = TemporaryName(name.string), ours.isLeft(path) else { return nil }
            if !filesOnly { return path }
            return (try? FileStatus.of(path))?.map { $0.kind == .file } ?? false ? path : nil
        }
    }

    /// Removes what killed commands left in a folder, as far as that can be done.
    public static func removeLeftovers(in folder: FilePath, filesOnly: Bool = false) {
        for path in (try? leftovers(in: folder, filesOnly: filesOnly)) ?? [] { try? Files.removeTree(path) }
    }
}
