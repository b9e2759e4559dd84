import Glibc
import Synchronization
import SystemPackage

/// A lock on a file that belongs to its open description (`fcntl`, `F_OFD_SETLK`), held until `release`, the end of this
/// object or that of the process.
///
/// It holds between machines on NFS, where `flock` may not. It holds between parts of one process, and it does not vanish
/// when another descriptor of the same file is closed, as POSIX record locks do. Programs that are started do not inherit it. The file
/// stays when the lock is given back: removing it would let two holders lock two files.
public final class OpenFileLock: Sendable {
    /// Who else may have the lock at the same time.
    public enum Mode: Hashable, Sendable {
        /// Others that ask for a shared one.
        case shared
        /// Nobody.
        case exclusive
    }

    /// The file that is locked.
    public let path: FilePath
    private let descriptor: Mutex<FileDescriptor?>

    private init(_ path: FilePath, _ descriptor: FileDescriptor) {
        self.path = path
        self.descriptor = Mutex(descriptor)
    }

    deinit {
        release()
    }

    /// Takes the lock if it can be had at once, making the file where it is missing; nil where somebody else has it.
    ///
    /// A link, pipe, folder or device in the file's place is an error.
    public static func tryAcquire(_ path: FilePath, _ mode: Mode) throws(SystemError) -> OpenFileLock? {
        let descriptor = try Files.openPlainForUpdate(path)
        do {
            if try set(descriptor, mode.type, path) { return OpenFileLock(path, descriptor) }
        } catch {
            try? descriptor.close()
            throw error
        }
        try? descriptor.close()
        return nil
    }

    /// Takes the lock, and waits for it while somebody else has it.
    ///
    /// - Parameters:
    ///   - timeout: How long to wait; nil for ever.
    ///   - onWait: Called once, before the first wait.
    /// - Returns: The lock; nil where it was not to be had in time.
    /// - Throws: `SystemError`, or `CancellationError` where the task is cancelled while it waits.
    public static func acquire(
        _ path: FilePath, _ mode: Mode, timeout: Duration? = nil, onWait: (@Sendable () -> Void)? = nil
    ) async throws -> OpenFileLock? {
        let descriptor = try Files.openPlainForUpdate(path)
        let lock = OpenFileLock(path, descriptor)
        if try await wait(timeout: timeout, onWait: onWait, { try set(descriptor, mode.type, path) }) { return lock }
        lock.release()
        return nil
    }

    /// Takes the lock, and waits for it for as long as it takes.
    ///
    /// - Throws: `SystemError`, or `CancellationError` where the task is cancelled while it waits.
    public static func wait(for path: FilePath, _ mode: Mode) async throws -> OpenFileLock {
        while true {
            if let lock = try await acquire(path, mode) { return lock }
        }
    }

    /// Whether it was not given back yet.
    public var isHeld: Bool { descriptor.withLock { $0 != nil } }

    /// Makes a shared lock exclusive, or an exclusive one shared, without giving it back in between.
    ///
    /// Returns whether it could be done at once; where it could not, the lock is what it was.
    /// Two holders of a shared lock who both want it exclusive never get it: whoever waits, gives the lock back first.
    public func tryChange(to mode: Mode) throws(SystemError) -> Bool {
        guard let descriptor = descriptor.withLock({ $0 }) else { return false }
        return try Self.set(descriptor, mode.type, path)
    }

    /// Gives the lock back; again is nothing.
    public func release() {
        let open = descriptor.withLock { descriptor in
            defer { descriptor = nil }
            return descriptor
        }
        guard let open else { return }
        // Not by the close alone: a child that is just being started shares the open file until its exec.
        _ = try? Self.set(open, Int16(F_UNLCK), path)
        try? open.close()
    }

    /// Asks the kernel once; false where another lock is in the way.
    private static func set(
        _ descriptor: FileDescriptor, _ type: Int16, _ path: FilePath
    ) throws(SystemError) -> Bool {
        var request = flock(l_type: type, l_whence: Int16(SEEK_SET), l_start: 0, l_len: 0, l_pid: 0)
        do {
            try checked("lock", path.string) { fcntl(descriptor.rawValue, setLock, &request) }
            return true
        } catch  where error.errno == .resourceTemporarilyUnavailable || error.errno == .permissionDenied {
            return false
        }
    }

    /// Asks again and again, more and more seldom, up to ten times a second.
    private static func wait(
        timeout: Duration?, onWait: (@Sendable () -> Void)?, _ attempt: () throws -> Bool
    ) async throws -> Bool {
        if try attempt() { return true }
        onWait?()
        let start = ContinuousClock.now
        var pause = Duration.milliseconds(5)
        while true {
            if let timeout, start.duration(to: .now) >= timeout { return false }
            try await Task.sleep(for: pause)
            if try attempt() { return true }
            pause = min(pause * 2, .milliseconds(100))
        }
    }

    /// `F_OFD_SETLK` of Linux, which Swift's Glibc lacks.
    private static let setLock: Int32 = 37
}

extension OpenFileLock.Mode {
    /// The lock's type for `fcntl`.
    fileprivate var type: Int16 { Int16(self == .shared ? F_RDLCK : F_WRLCK) }
}
