import Glibc
import SystemCalls
import SystemPackage

/// The removal of an unpacked tree, which has many files.
enum TreeRemoval {
    /// Removes a folder and all that is below it, no link followed; what is not there is no error.
    static func remove(_ folder: FilePath) throws {
        if let descriptor = try? Files.openFolder(folder).rawValue { empty(descriptor) }
        // What is left, whatever it is, and the folder itself.
        try Files.removeTree(folder)
    }

    /// Empties an open folder as far as that can be done, and closes it.
    private static func empty(_ folder: Int32) {
        guard let stream = fdopendir(folder) else {
            close(folder)
            return
        }
        defer { closedir(stream) }
        while let entry = readdir(stream) {
            let start = UnsafeRawPointer(entry).advanced(by: nameOffset).assumingMemoryBound(to: CChar.self)
            if start[0] == 0x2E, start[1] == 0 || start[1] == 0x2E && start[2] == 0 { continue }
            if entry.pointee.d_type != UInt8(DT_DIR), unlinkat(folder, start, 0) == 0 { continue }
            let inner = openat(folder, start, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            if inner < 0 { continue }
            empty(inner)
            unlinkat(folder, start, AT_REMOVEDIR)
        }
    }

    private static let nameOffset = MemoryLayout<dirent>.offset(of: \.d_name) ?? 19
}
