import CShims
import Glibc
import SystemPackage

/// Whole-file operations that the rest of the program shares: small reads, durable writes, renames, temporary names.
public enum Files {
    /// Whether something is at `path`, links not followed.
    public static func exists(_ path: FilePath) -> Bool {
        ((try? FileStatus.of(path)) ?? nil) != nil
    }

    /// Opens what the command line names for reading, as it is: links are followed, a pipe is waited for.
    ///
    /// A file of Git's or the user's is opened by `openRegular`. What lies below the work tree, in the cache folder or in
    /// a state folder is opened by `openPlain` or `openLinked`.
    public static func open(_ path: FilePath) throws(SystemError) -> FileDescriptor {
        let number = try checked("open", path.string) {
            path.withPlatformString { Glibc.open($0, O_RDONLY | O_CLOEXEC | O_NOCTTY) }
        }
        return FileDescriptor(rawValue: number)
    }

    /// Creates a file for writing; what is there already, a link too, is an error (`EEXIST`).
    public static func create(_ path: FilePath, permissions: mode_t = 0o666) throws(SystemError) -> FileDescriptor {
        let flags = O_RDWR | O_CREAT | O_CLOEXEC | O_EXCL
        let number = try checked("create", path.string) {
            path.withPlatformString { Glibc.open($0, flags, permissions) }
        }
        // Whoever looks for leftovers sees that somebody still writes, whatever the namespace of the pid in its name.
        flock(number, LOCK_EX | LOCK_NB)
        return FileDescriptor(rawValue: number)
    }

    /// Opens a pipe or a device for writing only: who can also read a pipe never learns that its reader is gone.
    public static func openForWriting(_ path: FilePath) throws(SystemError) -> FileDescriptor {
        let number = try checked("open", path.string) {
            path.withPlatformString { Glibc.open($0, O_WRONLY | O_TRUNC | O_CLOEXEC) }
        }
        return FileDescriptor(rawValue: number)
    }

    /// Reads a small file as Git reads its own (`openRegular`); nil where there is none.
    ///
    /// A file above `limit` bytes is an error (`EFBIG`).
    public static func read(_ path: FilePath, limit: Int = 64 << 20) throws(SystemError) -> [UInt8]? {
        let descriptor: FileDescriptor
        do {
            descriptor = try openRegular(path)
        } catch  where error.errno == .noSuchFileOrDirectory || error.errno == .notDirectory {
            return nil
        }
        defer { try? descriptor.close() }
        let bytes = try readAll(descriptor, named: path.string, limit: limit)
        return bytes
    }

    /// Reads what is left of an open file or pipe.
    public static func readAll(
        _ descriptor: FileDescriptor, named name: String, limit: Int = 64 << 20
    ) throws(SystemError) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = try read(descriptor, into: &buffer, named: name)
            if count == 0 { return bytes }
            if bytes.count + count > limit {
                throw SystemError("read", name, .fileTooLarge, reason: "it has more than \(limit) bytes")
            }
            bytes += buffer[..<count]
        }
    }

    /// Reads once, into the whole buffer at most; 0 at the end.
    public static func read(
        _ descriptor: FileDescriptor, into buffer: inout [UInt8], named name: String
    ) throws(SystemError) -> Int {
        try checked("read", name) {
            buffer.withUnsafeMutableBytes { Glibc.read(descriptor.rawValue, $0.baseAddress, $0.count) }
        }
    }

    /// Writes all bytes.
    public static func write(
        _ bytes: UnsafeRawBufferPointer, to descriptor: FileDescriptor, named name: String
    ) throws(SystemError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let part = UnsafeRawBufferPointer(rebasing: rest)
            let count = try checked("write", name) { Glibc.write(descriptor.rawValue, part.baseAddress, part.count) }
            rest = rest.dropFirst(count)
        }
    }

    /// Writes all bytes of an array.
    public static func write(
        _ bytes: [UInt8], to descriptor: FileDescriptor, named name: String
    ) throws(SystemError) {
        do {
            try bytes.withUnsafeBytes { try write($0, to: descriptor, named: name) }
        } catch let error as SystemError {
            throw error
        } catch {
            throw SystemError("write", name, .ioError)
        }
    }

    /// Waits until a file's bytes are on disk.
    public static func synchronize(_ descriptor: FileDescriptor, named name: String) throws(SystemError) {
        try checked("flush", name) { fsync(descriptor.rawValue) }
    }

    /// Makes an open file as it was when it was created.
    public static func empty(_ descriptor: FileDescriptor, named name: String) throws(SystemError) {
        try resize(descriptor, to: 0, named: name)
        try checked("rewind", name) { lseek(descriptor.rawValue, 0, SEEK_SET) }
    }

    /// Gives a file a length; what is new of it is a hole.
    public static func resize(
        _ descriptor: FileDescriptor, to length: Int64, named name: String
    ) throws(SystemError) {
        try checked("resize", name) { ftruncate(descriptor.rawValue, off_t(length)) }
    }

    /// Starts to write a part of a file to the disk, for the sake of a later `synchronize`; nothing is promised.
    public static func startFlushing(_ descriptor: FileDescriptor, _ range: Range<Int64>) {
        _ = cshims_start_writeback(descriptor.rawValue, range.lowerBound, range.upperBound - range.lowerBound)
    }

    /// Waits until a folder's names are on disk.
    public static func synchronizeDirectory(_ path: FilePath) throws(SystemError) {
        let descriptor = try openFolder(path)
        defer { try? descriptor.close() }
        try synchronize(descriptor, named: path.string)
    }

    /// Brings a file's bytes to the disk.
    public static func synchronize(_ path: FilePath) throws(SystemError) {
        let descriptor = try openRegular(path)
        defer { try? descriptor.close() }
        try synchronize(descriptor, named: path.string)
    }

    /// Renames within one file system; what was at `target` is replaced in one step.
    public static func rename(_ source: FilePath, to target: FilePath) throws(SystemError) {
        try checked("rename", "\(source.string) to \(target.string)") {
            source.withPlatformString { from in target.withPlatformString { Glibc.rename(from, $0) } }
        }
        Unfinished.forget(source)
    }

    /// Removes a file; whether there was one.
    @discardableResult
    public static func remove(_ path: FilePath) throws(SystemError) -> Bool {
        do {
            try checked("remove", path.string) { path.withPlatformString { unlink($0) } }
            Unfinished.forget(path)
            return true
        } catch  where error.errno == .noSuchFileOrDirectory {
            Unfinished.forget(path)
            return false
        }
    }

    /// Replaces a small file: temporary file beside it, fsync, rename.
    ///
    /// Nobody ever sees half of it. A file that was there keeps its mode, unless one is given. What killed commands left
    /// beside it is removed.
    public static func replace(
        _ path: FilePath, with bytes: [UInt8], permissions: mode_t? = nil
    ) throws(SystemError) {
        try replace(path, permissions: permissions) { (descriptor, name) throws(SystemError) in
            try write(bytes, to: descriptor, named: name)
        }
    }

    /// Replaces a file by what `body` writes to an open one, whose name for messages it gets, too.
    public static func replace(
        _ path: FilePath, permissions: mode_t? = nil, _ body: (FileDescriptor, String) throws(SystemError) -> Void
    ) throws(SystemError) {
        let temporary = temporaryPath(beside: path)
        let kept =
            permissions == nil ? try FileStatus.of(path).flatMap { $0.kind == .file ? $0.permissions : nil } : nil
        let descriptor = try create(temporary, permissions: permissions ?? 0o666)
        do {
            defer { try? descriptor.close() }
            if let kept { _ = fchmod(descriptor.rawValue, kept) }
            try body(descriptor, temporary.string)
            try synchronize(descriptor, named: temporary.string)
        } catch {
            _ = try? remove(temporary)
            throw error
        }
        do {
            try rename(temporary, to: path)
        } catch {
            _ = try? remove(temporary)
            throw error
        }
        TemporaryName.removeLeftovers(in: path.removingLastComponent(), filesOnly: true)
    }

    /// A fresh name `.tmp-PID-NAMESPACE-RANDOM` in the folder of `path`; a signal that ends this process removes what has
    /// it then.
    public static func temporaryPath(beside path: FilePath) -> FilePath {
        let temporary = path.removingLastComponent().appending(TemporaryName.start + TemporaryName.unique)
        Unfinished.note(temporary)
        return temporary
    }

    /// Makes a folder and those above it.
    public static func createDirectories(_ path: FilePath, permissions: mode_t = 0o777) throws(SystemError) {
        do {
            try createDirectory(path, permissions: permissions)
        } catch  where error.errno == .noSuchFileOrDirectory && !path.removingLastComponent().isEmpty {
            try createDirectories(path.removingLastComponent(), permissions: permissions)
            // Not by this function: below /proc a folder that is there takes no others, with the same error.
            try createDirectory(path, permissions: permissions)
        }
    }

    /// Makes a folder whose parent is there; one that is there already, or that another makes meanwhile, is no error.
    private static func createDirectory(_ path: FilePath, permissions: mode_t) throws(SystemError) {
        do {
            try checked("create", path.string) { path.withPlatformString { mkdir($0, permissions) } }
        } catch  where error.errno == .fileExists {
            if try FileStatus.of(path, followLinks: true)?.kind != .directory { throw error }
        }
    }

    /// Makes a fresh folder `.tmp-PID-NAMESPACE-RANDOM` inside `parent`, for this user only.
    public static func createTemporaryDirectory(in parent: FilePath) throws(SystemError) -> FilePath {
        var template = parent.appending(TemporaryName.prefix + "XXXXXX").bytes.map { CChar(bitPattern: $0) } + [0]
        if mkdtemp(&template) == nil { throw SystemError.last("create a folder in", parent.string) }
        let folder = FilePath(platformString: template)
        Unfinished.note(folder)
        return folder
    }

    /// Removes a folder that holds nothing.
    public static func removeEmptyFolder(_ path: FilePath) throws(SystemError) {
        try checked("remove", path.string) { path.withPlatformString { rmdir($0) } }
    }

    /// Removes a folder and all that is below it, never following a link; what is not there is no error.
    public static func removeTree(_ path: FilePath) throws(SystemError) {
        guard let status = try FileStatus.of(path) else { return }
        if status.kind == .directory {
            for name in try names(in: path) { try removeTree(path.appending(name)) }
            try checked("remove", path.string) { path.withPlatformString { rmdir($0) } }
            Unfinished.forget(path)
        } else {
            try remove(path)
        }
    }

    /// The names in a folder, without `.` and `..`, sorted by their bytes.
    public static func names(in path: FilePath) throws(SystemError) -> [FilePath.Component] {
        guard let stream = path.withPlatformString({ opendir($0) }) else {
            throw SystemError.last("read", path.string)
        }
        defer { closedir(stream) }
        var names: [FilePath.Component] = []
        while true {
            Glibc.errno = 0
            guard let entry = readdir(stream) else {
                if Glibc.errno != 0 { throw SystemError.last("read", path.string) }
                break
            }
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CInterop.PlatformChar.self, capacity: 256) {
                    FilePath.Component(platformString: $0)
                }
            }
            if let name, name.kind == .regular { names.append(name) }
        }
        return names.sorted { $0.string < $1.string }
    }

    /// The text of a symbolic link, as its bytes.
    public static func linkText(_ path: FilePath) throws(SystemError) -> [UInt8] {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = try checked("read the link", path.string) {
            path.withPlatformString { readlink($0, &buffer, buffer.count) }
        }
        return buffer[..<count].map { UInt8(bitPattern: $0) }
    }

    /// Whether files of one folder can share their blocks with copies in another; false where that cannot be tried.
    public static func canShare(from source: FilePath, to target: FilePath) -> Bool {
        guard let input = try? createUnnamed(in: source) else { return false }
        defer { try? input.close() }
        guard let output = try? createUnnamed(in: target) else { return false }
        defer { try? output.close() }
        // A file system may refuse what does not fill a block, or keep a small file elsewhere.
        guard (try? write([UInt8](repeating: 1, count: 64 << 10), to: input, named: source.string)) != nil else {
            return false
        }
        return cshims_reflink(input.rawValue, output.rawValue) == 0
    }

    /// Makes `target` a copy of `source`, sharing its blocks where the file system can (reflink), and fsyncs it.
    public static func clone(
        _ source: FilePath, to target: FilePath, permissions: mode_t = 0o666
    ) throws(SystemError) {
        let input = try openRegular(source)
        defer { try? input.close() }
        let output = try create(target, permissions: permissions)
        defer { try? output.close() }
        if cshims_reflink(input.rawValue, output.rawValue) != 0 {
            try copyWithHoles(input, to: output, named: target.string)
        }
        try synchronize(output, named: target.string)
    }

    /// Copies the rest of one open file to another inside the kernel where it can.
    public static func copy(
        _ input: FileDescriptor, to output: FileDescriptor, named name: String
    ) throws(SystemError) {
        while true {
            let count = cshims_copy_file_range(input.rawValue, output.rawValue, 64 << 20)
            if count == 0 { return }
            if count < 0 { break }
        }
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = try read(input, into: &buffer, named: name)
            if count == 0 { return }
            try write(Array(buffer[..<count]), to: output, named: name)
        }
    }
}
