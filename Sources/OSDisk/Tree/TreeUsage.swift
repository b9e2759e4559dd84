import Glibc
import SystemCalls
import SystemPackage

/// How much room the files of a folder need in a file system.
struct TreeUsage: Hashable, Sendable {
    /// Files, folders, links and devices.
    private(set) var files: Int64 = 1
    /// Bytes of content, in whole blocks of 4 KiB.
    private(set) var bytes: Int64 = 0

    /// Looks at a folder and all that is below it, no link followed.
    init(of folder: FilePath) throws {
        try add(try Files.openFolder(folder).rawValue, named: folder.string)
    }

    /// Adds an open folder, which is closed.
    private mutating func add(_ folder: Int32, named name: String) throws {
        guard let stream = fdopendir(folder) else {
            close(folder)
            throw SystemError.last("read", name)
        }
        defer { closedir(stream) }
        try Task.checkCancellation()
        var listed: Int64 = 24
        while let entry = readdir(stream) {
            let start = UnsafeRawPointer(entry).advanced(by: Self.nameOffset).assumingMemoryBound(to: CChar.self)
            let length = strlen(start)
            if start[0] == 0x2E, length == 1 || length == 2 && start[1] == 0x2E { continue }
            listed += Int64(length + 11) / 4 * 4
            files += 1
            var status = stat()
            try checked("examine", "a file below \(name)") { fstatat(folder, start, &status, AT_SYMLINK_NOFOLLOW) }
            switch status.st_mode & S_IFMT {
            case S_IFREG: bytes += Self.blocks(Int64(status.st_size))
            case S_IFDIR:
                let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
                let inner = try checked("open", "a folder below \(name)") { openat(folder, start, flags) }
                try add(inner, named: name)
            // A link's text stands in the inode where it is short.
            case S_IFLNK: bytes += status.st_size < 60 ? 0 : Self.blocks(Int64(status.st_size))
            default: break
            }
        }
        bytes += Self.blocks(listed)
    }

    private static let nameOffset = MemoryLayout<dirent>.offset(of: \.d_name) ?? 19

    private static func blocks(_ size: Int64) -> Int64 { (size + 4095) / 4096 * 4096 }
}
