import Git
import Glibc
import Hashing
import SystemCalls
import SystemPackage

extension ObjectStore {
    /// How the temporary files of this program begin that bear no object's name yet; each is locked by its writer.
    static let writerPrefix = "cache-image-"

    /// Removes what killed programs left in `tmp` and the folders in it, where old versions of git-lfs wrote.
    ///
    /// Those are parts of objects that are there now, files that no writer holds any more, and what is older than an
    /// hour. Failures are ignored: another program may be sweeping too.
    public func sweep() {
        guard let names = try? Files.names(in: temporary) else { return }
        for name in names {
            let path = temporary.appending(name)
            guard let status = (try? FileStatus.of(path)) ?? nil else { continue }
            if status.kind == .directory {
                for inner in (try? Files.names(in: path)) ?? [] {
                    let file = path.appending(inner)
                    if let status = (try? FileStatus.of(file)) ?? nil { sweep(file, inner.string, status) }
                }
            } else {
                sweep(path, name.string, status)
            }
        }
    }

    private func sweep(_ path: FilePath, _ name: String, _ status: FileStatus) {
        guard status.kind == .file else { return }
        let age = FileStatus.Time.now.seconds - status.modified.seconds
        let isOver: Bool
        if name.hasPrefix(Self.writerPrefix) {
            // A writer has a moment between making the file and locking it.
            isOver = age > 60 && !Self.isInUse(path)
        } else {
            let oid = SHA256Digest(hexadecimal: name.prefix { $0 != "-" })
            let isDone = name.contains("-") && oid.map { Files.exists(self.path(of: $0)) } ?? false
            isOver = isDone || age > 3600
        }
        if isOver { _ = try? Files.remove(path) }
    }

    /// Whether a program that is alive holds a file; its lock ends with it, however it ends.
    static func isInUse(_ path: FilePath) -> Bool {
        guard let descriptor = try? Files.openPlain(path) else { return true }
        defer { try? descriptor.close() }
        return flock(descriptor.rawValue, LOCK_EX | LOCK_NB) != 0
    }
}
