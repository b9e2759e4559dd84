import SystemPackage

extension Files {
    /// Creates a file of this user in a folder and removes its name at once: whatever happens, it leaves nothing behind.
    public static func createUnnamed(in folder: FilePath) throws(SystemError) -> FileDescriptor {
        let path = temporaryPath(beside: folder.appending("x"))
        let descriptor = try create(path, permissions: 0o600)
        do {
            try remove(path)
        } catch {
            try? descriptor.close()
            throw error
        }
        return descriptor
    }
}
