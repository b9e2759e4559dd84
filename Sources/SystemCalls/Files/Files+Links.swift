import Glibc
import SystemPackage

extension Files {
    /// Makes a symbolic link with a text.
    public static func makeLink(_ path: FilePath, to text: String) throws(SystemError) {
        try checked("make the link", path.string) { path.withPlatformString { symlink(text, $0) } }
    }
}
