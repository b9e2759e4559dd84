import CShims
import SystemPackage

extension Files {
    /// Sets a file's access and modification time to now, links not followed.
    public static func touch(_ path: FilePath) throws(SystemError) {
        let now = FileStatus.Time.now
        try checked("touch", path.string) {
            path.withPlatformString { cshims_set_times($0, now.seconds, now.nanoseconds) }
        }
    }
}
