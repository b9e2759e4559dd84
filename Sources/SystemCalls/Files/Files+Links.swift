import Glibc
import SystemPackage

extension Files {
    /// Makes a symbolic link with a text.
    public static func makeLink(_ path: FilePath, to text: String) throws(SystemError) {
        try checked("make the link", path.string) { path.withPlatformString { symlink(text, $0) } }
    }

    /// Gives a file a second name (a hard link).
    public static func link(_ path: FilePath, to name: FilePath) throws(SystemError) {
        try checked("link", "\(path.string) to \(name.string)") {
            path.withPlatformString { from in name.withPlatformString { Glibc.link(from, $0) } }
        }
    }
}
