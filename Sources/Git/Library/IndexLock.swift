import CShims
import Glibc
import SystemCalls
import SystemPackage

/// Git's lock on the index, `index.lock`, held so that a lock which a killed command left is known as ours.
///
/// `index.lock` is a second name of our own file `index.cache-image`, which is locked (`flock`) for as long as the command
/// lives. Where the two are one file and nobody holds that lock, the command is gone, and so may be its `index.lock`. Another
/// program's `index.lock` is never taken away.
struct IndexLock {
    private let own: FilePath
    private let lock: FilePath
    private let descriptor: FileDescriptor

    /// The file into which the new index is written; it has the old one's bytes and times.
    let draft: FilePath

    /// Takes the lock and copies the index, if there is one.
    ///
    /// - Returns: nil where links or this index do not allow it, and the library has to lock by itself.
    /// - Throws: A `GitError` of kind `locked` while another process has the lock, a `SystemError` where the draft cannot be written.
    static func take(_ index: FilePath) throws -> IndexLock? {
        // The library and Git follow a link in the index's place.
        guard try FileStatus.of(index)?.kind != .symbolicLink, let descriptor = try openOwn(index) else { return nil }
        let held = IndexLock(index, descriptor)
        do {
            held.clear()
            guard try held.link() else {
                held.release()
                return nil
            }
            try held.copy(index)
        } catch {
            held.release()
            throw error
        }
        return held
    }

    /// What `removeAbandoned` removes.
    static func abandoned(of index: FilePath) -> [FilePath] {
        let own = name(own: index)
        guard Files.exists(own), !FileLock.isHeld(own) else { return [] }
        let lock = index.withSuffix(".lock")
        let draft = own.withSuffix(".new")
        var found = [draft, draft.withSuffix(".lock")].filter { Files.exists($0) } + [own]
        if let mine = (try? FileStatus.of(own)) ?? nil, let other = (try? FileStatus.of(lock)) ?? nil,
            mine.device == other.device, mine.inode == other.inode
        {
            found.append(lock)
        }
        return found
    }

    /// Removes the `index.lock` of a command of ours that was killed.
    static func removeAbandoned(of index: FilePath) {
        guard Files.exists(name(own: index)), let descriptor = try? openOwn(index) else { return }
        let held = IndexLock(index, descriptor)
        held.clear()
        held.release()
    }

    private init(_ index: FilePath, _ descriptor: FileDescriptor) {
        own = Self.name(own: index)
        lock = index.withSuffix(".lock")
        draft = own.withSuffix(".new")
        self.descriptor = descriptor
    }

    /// Puts the draft in the index's place.
    func commit(to index: FilePath) throws(SystemError) {
        try Files.synchronize(draft)
        try Files.rename(draft, to: index)
    }

    /// Gives the lock back; a draft that was not committed is removed.
    func release() {
        // What shows whose the lock is goes last, and before our own lock on it: who opens the name then makes a new file.
        if clear() { Self.remove(own) }
        try? descriptor.close()
    }

    /// Removes what stands under our names, and `index.lock` if it is our own file; whether nothing of it is left.
    @discardableResult
    private func clear() -> Bool {
        var isClear = true
        if let mine = try? FileStatus.of(descriptor), let other = (try? FileStatus.of(lock)) ?? nil,
            mine.device == other.device, mine.inode == other.inode
        {
            isClear = Self.remove(lock)
        }
        for path in [draft, draft.withSuffix(".lock")] where Files.exists(path) && !Self.remove(path) {
            isClear = false
        }
        return isClear
    }

    /// Removes a file, and tries so twice: a lock that stays stops every command of Git.
    @discardableResult
    private static func remove(_ path: FilePath) -> Bool {
        (try? Files.remove(path)) != nil || (try? Files.remove(path)) != nil
    }

    /// Gives our file the name `index.lock`; false where the file system has no links.
    private func link() throws -> Bool {
        do throws(SystemError) {
            try Files.link(own, to: lock)
        } catch {
            if error.errno == .fileExists {
                throw GitError(.locked, "write", "index", "another process holds \(lock.string)")
            }
            if [.notPermitted, .notSupported, .tooManyLinks, .noFunction].contains(error.errno) { return false }
            throw error
        }
        Unfinished.note(lock)
        return true
    }

    private func copy(_ index: FilePath) throws {
        guard let status = try FileStatus.of(index) else { return }
        Unfinished.note(draft)
        try Files.clone(index, to: draft)
        // What is as young as the index may have changed since: the library looks by the index's own time.
        _ = draft.withPlatformString { cshims_set_times($0, status.modified.seconds, status.modified.nanoseconds) }
    }

    /// Opens and locks our own file; nil where a link or something else stands there, or the folder takes no files.
    private static func openOwn(_ index: FilePath) throws -> FileDescriptor? {
        let path = name(own: index)
        for _ in 0..<100 {
            guard let descriptor = try? Files.createPlain(path) else { return nil }
            guard flock(descriptor.rawValue, LOCK_EX | LOCK_NB) == 0 else {
                let isHeld = errno == EWOULDBLOCK
                try? descriptor.close()
                // Without locks on files the library has to do.
                if !isHeld { return nil }
                throw GitError(.locked, "write", "index", "another process holds \(path.string)")
            }
            // Its last holder may have removed the name meanwhile.
            if let mine = try? FileStatus.of(descriptor), let named = (try? FileStatus.of(path)) ?? nil,
                mine.device == named.device, mine.inode == named.inode
            {
                Unfinished.note(path)
                return descriptor
            }
            try? descriptor.close()
        }
        return nil
    }

    private static func name(own index: FilePath) -> FilePath { index.withSuffix(".cache-image") }
}
