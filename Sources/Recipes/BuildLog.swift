import Synchronization
import SystemCalls
import SystemPackage

/// A file that gets what a build says, line by line, from any thread.
final class BuildLog: Sendable {
    private let path: FilePath
    private let descriptor: Mutex<FileDescriptor>

    /// Begins the file anew.
    init(_ path: FilePath) throws(SystemError) {
        self.path = path
        descriptor = Mutex(try Files.createPlain(path, permissions: 0o666))
    }

    deinit {
        descriptor.withLock { try? $0.close() }
    }

    /// Adds a line; a full disk costs the line only.
    func add(_ line: String) {
        descriptor.withLock { try? Files.write(Array((line + "\n").utf8), to: $0, named: path.string) }
    }
}
