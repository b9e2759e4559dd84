import Git
import Hashing
import SystemCalls
import SystemPackage

/// Streams bytes into a store; their digest, known at the end, becomes the object's name.
public final class ObjectWriter {
    private let store: ObjectStore
    private let path: FilePath
    private let descriptor: FileDescriptor
    private let hash = IncrementalHash(.sha256)
    private var size: Int64 = 0
    private var isDone = false

    /// Starts an object.
    public init(_ store: ObjectStore) throws {
        self.store = store
        try store.permission.createDirectories(store.temporary)
        path = store.temporary.appending("\(ObjectStore.writerPrefix)\(TemporaryName.unique)")
        descriptor = try Files.create(path)
        Unfinished.note(path)
    }

    deinit {
        if !isDone { discard() }
    }

    /// Takes in more bytes.
    public func write(_ bytes: UnsafeRawBufferPointer) throws {
        hash.update(bytes)
        size += Int64(bytes.count)
        try Files.write(bytes, to: descriptor, named: path.string)
    }

    /// Ends the object: it is flushed, named, and its pointer given; for no bytes at all nothing is stored.
    public func finish() throws -> Pointer {
        let pointer = Pointer(oid: SHA256Digest(finishing: hash), size: Size(size))
        if try store.isPresent(pointer) {
            discard()
            return pointer
        }
        try Files.synchronize(descriptor, named: path.string)
        try store.permission.apply(toFile: path)
        isDone = true
        try descriptor.close()
        do {
            try store.adopt(path, as: pointer)
        } catch {
            _ = try? Files.remove(path)
            throw error
        }
        return pointer
    }

    /// Throws away what was written.
    private func discard() {
        isDone = true
        try? descriptor.close()
        _ = try? Files.remove(path)
    }
}
