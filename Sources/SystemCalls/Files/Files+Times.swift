import CShims
import Glibc
import SystemPackage

extension Files {
    /// Sets who may read, write and run a file; a link is followed.
    public static func setPermissions(_ path: FilePath, _ permissions: UInt32) throws(SystemError) {
        try checked("change the mode of", path.string) { path.withPlatformString { chmod($0, permissions) } }
    }

    /// Sets a file's access and modification time to now, links not followed.
    public static func touch(_ path: FilePath) throws(SystemError) {
        let now = FileStatus.Time.now
        try checked("touch", path.string) {
            path.withPlatformString { cshims_set_times($0, now.seconds, now.nanoseconds) }
        }
    }
}
