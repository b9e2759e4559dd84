import Git
import Glibc
import Hashing
import SystemCalls
import SystemPackage

/// The file of a download under way, and the digest of what it holds so far.
///
/// git-lfs's rule: a `OID.part` is given a private name before it is touched, and its name back where the download fails.
/// Used by one thread at a time.
final class PartialDownload: @unchecked Sendable {
    private let store: ObjectStore
    private let pointer: Pointer
    private let path: FilePath
    private let descriptor: FileDescriptor
    private var hash = IncrementalHash(.sha256)
    /// The bytes that the file holds.
    private(set) var count: Int64 = 0
    /// Some of the bytes came from an earlier download.
    private(set) var wasResumed = false
    private var isOpen = true

    /// Claims what an earlier download left, or starts with an empty file.
    init(_ store: ObjectStore, _ pointer: Pointer) throws {
        self.store = store
        self.pointer = pointer
        try store.permission.createDirectories(store.incomplete)
        let name = pointer.oid.hexadecimal
        let path = store.incomplete.appending("\(name)-\(getpid())-\(UInt32.random(in: 0 ... .max))")
        self.path = path
        let part = Self.part(store, pointer)
        for candidate in [part] + Self.leftovers(store, name) {
            if candidate != part, FileLock.isHeld(candidate) { continue }
            if (try? Files.rename(candidate, to: path)) != nil { break }
        }
        let descriptor = try store.permission.creating { try Files.openPlainForUpdate(path) }
        self.descriptor = descriptor
        // The name is ours alone: who holds the file looks only whether somebody does.
        for _ in 0..<100 where flock(descriptor.rawValue, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK {
            usleep(10_000)
        }
        // A file system without locks has none to respect.
        if flock(descriptor.rawValue, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
            throw SystemError.last("lock", path.string)
        }
        try readExisting()
    }

    deinit {
        giveBack()
    }

    private static func part(_ store: ObjectStore, _ pointer: Pointer) -> FilePath {
        store.incomplete.appending(pointer.oid.hexadecimal + ".part")
    }

    /// Private files of other downloads of the object, under way or killed.
    private static func leftovers(_ store: ObjectStore, _ name: String) -> [FilePath] {
        ((try? Files.names(in: store.incomplete)) ?? []).filter { $0.string.hasPrefix(name + "-") }
            .map { store.incomplete.appending($0) }
    }

    private func readExisting() throws {
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let length = try Files.read(descriptor, into: &buffer, named: path.string)
            if length == 0 { break }
            buffer.withUnsafeBytes { hash.update(UnsafeRawBufferPointer(rebasing: $0[..<length])) }
            count += Int64(length)
        }
        wasResumed = count > 0
        // With all bytes there, or more, something is wrong with them.
        if Size(count) >= pointer.size - 1 { try restart() }
    }

    /// Throws away what is there.
    func restart() throws {
        try checked("empty", path.string) { ftruncate(descriptor.rawValue, 0) }
        try checked("rewind", path.string) { lseek(descriptor.rawValue, 0, SEEK_SET) }
        hash = IncrementalHash(.sha256)
        count = 0
        wasResumed = false
    }

    /// Takes in more bytes; more than the pointer names are an error.
    func append(_ bytes: UnsafeRawBufferPointer) throws {
        if Size(count) + Size(Int64(bytes.count)) > pointer.size {
            throw LFSError(
                .corrupt, "fetch", "LFS object \(pointer.oid.hexadecimal)",
                "the server sends more than \(pointer.size) bytes")
        }
        try Files.write(bytes, to: descriptor, named: path.string)
        hash.update(bytes)
        count += Int64(bytes.count)
    }

    /// The digest of the bytes; the file cannot be added to afterwards.
    func digest() -> SHA256Digest {
        SHA256Digest(finishing: hash)
    }

    /// Makes the file an object of the store; its digest has been checked.
    func install() throws {
        try Files.synchronize(descriptor, named: path.string)
        try store.permission.apply(toFile: path)
        close()
        do {
            try store.adopt(path, as: pointer)
        } catch {
            _ = try? Files.remove(path)
            throw error
        }
    }

    /// Removes the file: its bytes are wrong.
    func discard() {
        close()
        _ = try? Files.remove(path)
    }

    /// Gives the file the name under which the next download finds it, unless it was installed or discarded.
    func giveBack() {
        guard isOpen else { return }
        close()
        if count == 0 || (try? Files.rename(path, to: Self.part(store, pointer))) == nil {
            _ = try? Files.remove(path)
        }
    }

    private func close() {
        if !isOpen { return }
        isOpen = false
        try? descriptor.close()
    }
}
