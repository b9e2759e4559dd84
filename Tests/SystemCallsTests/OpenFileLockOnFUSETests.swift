import Foundation
import SystemCalls
import SystemPackage
import TestSupport
import Testing

/// Locks on a file system that is no local disk.
///
/// No NFS can be mounted here: a FUSE file system stands in for it, and what
/// is shown is that the lock is asked of the file system and holds between processes there.
@Suite(.enabled(if: getuid() == 0 && Requirements.tools("bindfs", "python3"))) struct OpenFileLockOnFUSETests {
    /// Takes a lock of the same kind, says so, and holds it until its stdin ends.
    private static let holder = """
        import fcntl, struct, sys
        file = open(sys.argv[1], "r+")
        kind = fcntl.F_WRLCK if sys.argv[2] == "exclusive" else fcntl.F_RDLCK
        fcntl.fcntl(file, 37, struct.pack("hhqqi4x", kind, 0, 0, 0, 0))
        print("held", flush=True)
        sys.stdin.read()
        """

    @Test(arguments: [
        ("exclusive", OpenFileLock.Mode.shared, false), ("exclusive", .exclusive, false), ("shared", .exclusive, false),
        ("shared", .shared, true),
    ])
    func anotherProcessIsSeen(held: String, asked: OpenFileLock.Mode, isHad: Bool) async throws {
        try await Sandbox.with { sandbox in
            try sandbox.write("real/lock", "")
            let place = sandbox.path("mounted")
            try FileManager.default.createDirectory(atPath: place.string, withIntermediateDirectories: false)
            try await sandbox.run("bindfs", [sandbox.path("real").string, place.string]).check()
            defer {
                let end = Process()
                end.executableURL = URL(fileURLWithPath: "/bin/umount")
                end.arguments = [place.string]
                if (try? end.run()) != nil { end.waitUntilExit() }
            }
            let lock = place.appending("lock")
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = ["python3", "-c", Self.holder, lock.string, held]
            let (input, output) = (Foundation.Pipe(), Foundation.Pipe())
            (process.standardInput, process.standardOutput) = (input, output)
            try process.run()
            var said = Data()
            while said.last != UInt8(ascii: "\n") {
                let more = output.fileHandleForReading.availableData
                if more.isEmpty { break }
                said += more
            }
            #expect(said == Data("held\n".utf8))
            #expect((try OpenFileLock.tryAcquire(lock, asked) != nil) == isHad)
            try input.fileHandleForWriting.close()
            process.waitUntilExit()
            let later = try #require(try OpenFileLock.tryAcquire(lock, .exclusive))
            later.release()
        }
    }
}
