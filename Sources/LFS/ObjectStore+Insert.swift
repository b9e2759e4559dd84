import Git
import Glibc
import Hashing
import SystemCalls
import SystemPackage

extension ObjectStore {
    /// How a file's bytes become an object.
    public enum Way: Sendable {
        /// The file stays as it is; the object shares its blocks where the file system can.
        case copying
        /// A hard link may be made, for files that are objects of another store.
        case linking
        /// The file, which is flushed, may be gone afterwards.
        case moving
    }

    /// Takes a file's bytes in as an object.
    ///
    /// The caller vouches for the digest. An object that is there already is kept; one of another size is an error.
    ///
    /// - Parameters:
    ///   - file: The file to copy.
    ///   - pointer: The object's name and size.
    ///   - way: How the bytes may get there.
    public func insert(_ file: FilePath, as pointer: Pointer, by way: Way = .copying) throws {
        if try isPresent(pointer) { return }
        if way == .moving {
            do {
                try permission.apply(toFile: file)
                return try adopt(file, as: pointer)
            } catch let error as SystemError where error.errno == .improperLink {
                // The store is on another file system.
            }
        }
        try permission.createDirectories(temporary)
        let copy = temporaryPath(for: pointer.oid)
        do {
            let isLinked =
                way == .linking && file.withPlatformString { from in copy.withPlatformString { link(from, $0) == 0 } }
            if !isLinked {
                try Files.clone(file, to: copy)
                try permission.apply(toFile: copy)
            }
            try adopt(copy, as: pointer)
        } catch {
            _ = try? Files.remove(copy)
            throw error
        }
    }

    /// Gives a finished, flushed file of the store's file system its name as an object; the file is gone afterwards.
    ///
    /// The caller vouches for the digest; the size is checked.
    public func adopt(_ file: FilePath, as pointer: Pointer) throws {
        // git-lfs sweeps what seems to be part of an object that is there now.
        if !Files.exists(file), try isPresent(pointer) { return }
        guard let size = Self.size(file), size == pointer.size else {
            throw LFSError(
                .corrupt, "store", "LFS object \(pointer.oid.hexadecimal)",
                "expected \(pointer.size) bytes, found \(Self.size(file) ?? 0)")
        }
        let target = path(of: pointer.oid)
        try permission.createDirectories(target.removingLastComponent())
        let status = file.withPlatformString { from in target.withPlatformString { link(from, $0) } }
        if status == 0 {
            try Files.remove(file)
        } else if errno == EEXIST {
            _ = try isPresent(pointer)
            try Files.remove(file)
        } else {
            // A file system without hard links.
            try Files.rename(file, to: target)
        }
        try Files.synchronizeDirectory(target.removingLastComponent())
    }

    /// Whether an object is there; a file of another size under its name is an error, and is left alone.
    func isPresent(_ pointer: Pointer) throws -> Bool {
        if pointer.isEmpty { return true }
        let target = path(of: pointer.oid)
        guard let size = Self.size(target) else { return false }
        if size == pointer.size { return true }
        throw try wrongSize(size, pointer, "store", "LFS object \(pointer.oid.hexadecimal)")
    }

    /// A fresh name in `tmp`, whose folder is made, for bytes whose digest is not known yet; nil where the file at `path`
    /// can share its blocks with its object.
    public func temporaryPath(forCopyOf path: FilePath) throws -> FilePath? {
        try permission.createDirectories(temporary)
        if Files.canShare(from: path.removingLastComponent(), to: temporary) { return nil }
        let random = (0..<4).map { _ in UInt64.random(in: 0 ... .max) }
        return temporaryPath(for: random.withUnsafeBytes { SHA256Digest(of: $0) })
    }

    /// A fresh name in `tmp`, of the form that git-lfs knows and sweeps.
    public func temporaryPath(for oid: SHA256Digest) -> FilePath {
        let path = temporary.appending("\(oid.hexadecimal)-\(TemporaryName.unique)")
        Unfinished.note(path)
        return path
    }
}
