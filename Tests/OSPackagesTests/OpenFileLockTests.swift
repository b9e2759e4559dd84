import Synchronization
import SystemCalls
import SystemPackage
import TestSupport
import Testing

/// A process that holds a lock until it is killed.
final class LockHolder: Sendable {
    private let process: ChildProcess
    private let hasEnded = Mutex(false)

    private init(_ process: ChildProcess) {
        self.process = process
    }

    /// Starts one, and waits until it has the lock.
    static func start(_ file: String, _ mode: String, in sandbox: Sandbox) async throws -> LockHolder {
        try sandbox.write(file, "")
        let ready = sandbox.path("ready-\(UInt32.random(in: 0 ... .max))")
        let script = """
            import fcntl, os, struct, sys, time
            file = os.open(sys.argv[1], os.O_RDWR)
            kind = fcntl.F_WRLCK if sys.argv[2] == "exclusive" else fcntl.F_RDLCK
            fcntl.fcntl(file, 37, struct.pack("hhqqi4x", kind, os.SEEK_SET, 0, 0, 0))
            open(sys.argv[3], "w").close()
            time.sleep(60)
            """
        let process = try ChildProcess(
            Sandbox.find("python3", in: sandbox.environment["PATH"] ?? ""),
            ["-c", script, sandbox.path(file).string, mode, ready.string], environment: sandbox.environment)
        while !Files.exists(ready) { try await Task.sleep(for: .milliseconds(10)) }
        return LockHolder(process)
    }

    /// Kills it; again is nothing.
    func end() {
        hasEnded.withLock { hasEnded in
            if !hasEnded { process.end() }
            hasEnded = true
        }
    }
}

@Suite struct OpenFileLockTests {
    @Test func holdsWithinAProcess() async throws {
        try await Sandbox.with { sandbox in
            let file = sandbox.path("lock")
            let first = try #require(try OpenFileLock.tryAcquire(file, .shared))
            let second = try #require(try OpenFileLock.tryAcquire(file, .shared))
            #expect(try OpenFileLock.tryAcquire(file, .exclusive) == nil)
            #expect(try !first.tryChange(to: .exclusive))
            second.release()
            second.release()
            #expect(!second.isHeld && first.isHeld)
            #expect(try first.tryChange(to: .exclusive))
            #expect(try OpenFileLock.tryAcquire(file, .shared) == nil)
            // Another descriptor of the file that is closed takes nothing away, as it would from a POSIX lock.
            _ = try Files.readPlain(file)
            #expect(try OpenFileLock.tryAcquire(file, .shared) == nil)
            #expect(try first.tryChange(to: .shared))
            #expect(try OpenFileLock.tryAcquire(file, .shared) != nil)
            first.release()
            #expect(try !first.tryChange(to: .exclusive))
            #expect(try OpenFileLock.tryAcquire(file, .exclusive) != nil)
        }
    }

    @Test func endsWithItsObject() async throws {
        try await Sandbox.with { sandbox in
            let file = sandbox.path("lock")
            do {
                let lock = try #require(try OpenFileLock.tryAcquire(file, .exclusive))
                #expect(lock.isHeld)
            }
            #expect(try OpenFileLock.tryAcquire(file, .exclusive) != nil)
        }
    }

    @Test func waitsForAtMostItsTime() async throws {
        try await Sandbox.with { sandbox in
            let file = sandbox.path("lock")
            let lock = try await OpenFileLock.wait(for: file, .exclusive)
            #expect(try await OpenFileLock.acquire(file, .shared, timeout: .milliseconds(30)) == nil)
            let task = Task { try await OpenFileLock.wait(for: file, .shared) }
            try await Task.sleep(for: .milliseconds(20))
            task.cancel()
            await #expect(throws: CancellationError.self) { _ = try await task.value }
            async let next = OpenFileLock.wait(for: file, .exclusive)
            try await Task.sleep(for: .milliseconds(20))
            lock.release()
            #expect(try await next.isHeld)
        }
    }

    @Test(.enabled(if: Requirements.tools("python3"))) func holdsBetweenProcesses() async throws {
        try await Sandbox.with { sandbox in
            let file = sandbox.path("lock")
            let shared = try await LockHolder.start("lock", "shared", in: sandbox)
            #expect(try OpenFileLock.tryAcquire(file, .shared) != nil)
            #expect(try OpenFileLock.tryAcquire(file, .exclusive) == nil)
            shared.end()
            let exclusive = try await LockHolder.start("lock", "exclusive", in: sandbox)
            #expect(try OpenFileLock.tryAcquire(file, .shared) == nil)
            exclusive.end()
            #expect(try OpenFileLock.tryAcquire(file, .exclusive) != nil)
        }
    }

    @Test func refusesALink() async throws {
        try await Sandbox.with { sandbox in
            try Files.makeLink(sandbox.path("lock"), to: sandbox.path("other").string)
            #expect(throws: SystemError.self) { try OpenFileLock.tryAcquire(sandbox.path("lock"), .shared) }
            #expect(!Files.exists(sandbox.path("other")))
        }
    }
}
