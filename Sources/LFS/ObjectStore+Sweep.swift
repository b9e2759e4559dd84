import Git
import Hashing
import SystemCalls
import SystemPackage

extension ObjectStore {
    /// How the temporary files of this program begin that bear no object's name yet.
    static let writerPrefix = "cache-image-"

    /// Removes what killed programs left in `tmp` and the folders in it, where old versions of git-lfs wrote.
    ///
    /// Those are parts of objects that are there now, files of programs of ours that have ended, and what is older than
    /// an hour. Failures are ignored: another program may be sweeping too.
    public func sweep() {
        for path in leftovers { _ = try? Files.remove(path) }
    }

    /// Removes what killed commands of ours left in `tmp` of one object; nothing else of a store that others write to.
    func sweep(partsOf oid: SHA256Digest) {
        for name in (try? Files.names(in: temporary)) ?? [] where name.string.hasPrefix(oid.hexadecimal + "-") {
            let path = temporary.appending(name)
            if TemporaryName(writer: name.string.dropFirst(65))?.isLeft(path) ?? false { _ = try? Files.remove(path) }
        }
    }

    /// What `sweep` removes.
    package var leftovers: [FilePath] {
        guard let names = try? Files.names(in: temporary) else { return [] }
        var found: [FilePath] = []
        for name in names {
            let path = temporary.appending(name)
            guard let status = (try? FileStatus.of(path)) ?? nil else { continue }
            if status.kind == .directory {
                for inner in (try? Files.names(in: path)) ?? [] {
                    let file = path.appending(inner)
                    if let inner = (try? FileStatus.of(file)) ?? nil, isLeft(file, inner, in: status) {
                        found.append(file)
                    }
                }
            } else if isLeft(path, status, in: nil) {
                found.append(path)
            }
        }
        return found
    }

    /// Whether nobody needs one file.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - status: What is known of it.
    ///   - folder: The folder in `tmp` that holds it. In one that is in use, an old file may be a link to another
    ///     repository's, unless its name is that of an object.
    private func isLeft(_ path: FilePath, _ status: FileStatus, in folder: FileStatus?) -> Bool {
        guard status.kind == .file, let name = path.lastComponent?.string else { return false }
        if let ours = TemporaryName(name) { return ours.isLeft(path) }
        let now = FileStatus.Time.now.seconds
        let age = now - status.modified.seconds
        if name.hasPrefix(Self.writerPrefix),
            let ours = TemporaryName(writer: name.dropFirst(Self.writerPrefix.count))
        {
            return ours.isLeft(path)
        }
        let isNamed = name.prefix { $0 != "-" }.utf8.count == 64
        let isOurs = isNamed && name.split(separator: "-").count == 4
        if isOurs, let ours = TemporaryName(writer: name.dropFirst(65)) { return ours.isLeft(path) }
        let isFolderOld = folder.map { now - $0.modified.seconds > 3600 } ?? true
        return isPartOfObject(name) || age > 3600 && (isNamed || isFolderOld)
    }

    /// Whether a file's name begins with that of an object that is here.
    private func isPartOfObject(_ name: String) -> Bool {
        let oid = name.prefix { $0 != "-" }
        guard oid.utf8.count == 64, oid.utf8.count < name.utf8.count else { return false }
        let folder = objects.appending(String(oid.prefix(2))).appending(String(oid.dropFirst(2).prefix(2)))
        return Files.exists(folder.appending(String(oid)))
    }
}
