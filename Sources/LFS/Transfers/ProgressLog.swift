import Hashing
import Synchronization
import SystemCalls
import SystemPackage

/// The file that GIT_LFS_PROGRESS names: a line for each object that is over, for programs that watch git-lfs.
///
/// `download 1/5 4096/4096 docker-cache/a.tar`. What cannot be written is left out.
final class ProgressLog: Sendable {
    private let path: FilePath
    private let direction: String
    private let objects: [SHA256Digest: TransferObject]
    private let finished = Mutex(0)

    /// Opens the log of a transfer; nil where none is wanted, or its path is not absolute.
    ///
    /// - Parameters:
    ///   - direction: `download`, `upload` or `checkout`.
    ///   - objects: All that will be moved.
    ///   - environment: The environment.
    init?(_ direction: String, _ objects: [TransferObject], _ environment: [String: String]) {
        guard let name = environment["GIT_LFS_PROGRESS"], name.hasPrefix("/") else { return nil }
        path = FilePath(keeping: name)
        self.direction = direction
        self.objects = Dictionary(objects.map { ($0.oid, $0) }) { first, _ in first }
    }

    /// Writes the line of an object.
    func finish(_ oid: SHA256Digest) {
        guard let object = objects[oid] else { return }
        write(object, of: objects.count)
    }

    /// Writes the line of a file; `total` files will follow in all.
    func write(_ object: TransferObject, of total: Int) {
        let number = finished.withLock { count in
            count += 1
            return count
        }
        let size = object.pointer.size
        let name = object.path?.description ?? object.oid.hexadecimal
        let line = "\(direction) \(number)/\(total) \(size)/\(size) \(Printable.escaped(name))\n"
        guard let file = try? Files.openForAppending(path) else { return }
        defer { try? file.close() }
        try? Files.write(Array(line.utf8), to: file, named: path.string)
    }
}
