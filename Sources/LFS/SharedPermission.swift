import Git
import Glibc
import SystemCalls
import SystemPackage

/// The permissions that `core.sharedRepository` gives to new files and folders of the object store.
struct SharedPermission: Sendable {
    /// The bits of a file; nil where the umask decides.
    let fileMode: mode_t?

    init(_ configuration: GitConfiguration?) {
        switch configuration?.string("core.sharedrepository")?.lowercased() {
        case nil, "", "umask", "false", "no", "off", "0": fileMode = nil
        case "group", "true", "yes", "on", "1": fileMode = 0o660
        case "all", "world", "everybody", "2": fileMode = 0o664
        case .some(let text): fileMode = mode_t(text, radix: 8).map { 0o666 & $0 }
        }
    }

    /// The bits of a folder: who may read a file may enter its folder.
    private var folderMode: mode_t? { fileMode.map { $0 | ($0 & 0o444) >> 2 } }

    func apply(toFile path: FilePath) throws(SystemError) {
        guard let fileMode else { return }
        try checked("change the mode of", path.string) { path.withPlatformString { chmod($0, fileMode) } }
    }

    /// Makes a folder and those above it, each new one with the permissions.
    func createDirectories(_ path: FilePath) throws(SystemError) {
        guard let folderMode, !Files.exists(path) else { return try Files.createDirectories(path) }
        try createDirectories(path.removingLastComponent())
        try Files.createDirectories(path)
        try checked("change the mode of", path.string) { path.withPlatformString { chmod($0, folderMode) } }
    }
}
