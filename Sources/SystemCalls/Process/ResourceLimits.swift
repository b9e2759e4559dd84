import CShims

/// What this process may use, as the kernel says; /proc is not asked.
public enum ResourceLimits {
    /// The most open files that this process may ever have.
    public static var files: UInt64 { cshims_file_limit() }
    /// The most processes that this user may ever have.
    public static var processes: UInt64 { cshims_process_limit() }
    /// Open files with which every command works.
    private static let neededFiles: UInt64 = 64
    /// Megabytes of address space with which every command works: programs that lack memory end by a signal.
    private static let neededMegabytes: UInt64 = 320

    /// Sees to it that this process has what it needs; says what it lacks, nil where that is nothing.
    ///
    /// A low limit of open files is raised as far as it may be.
    public static func prepare() -> String? {
        let files = cshims_raise_open_files(1024)
        if files < neededFiles {
            return "no more than \(files) files may be open (ulimit -n), \(neededFiles) are needed"
        }
        let megabytes = cshims_memory_limit() >> 20
        if megabytes < neededMegabytes {
            return "no more than \(megabytes) MB of memory may be used (ulimit -v), \(neededMegabytes) are needed"
        }
        return nil
    }

    /// Whether this process may raise its limits (CAP_SYS_RESOURCE); true where the kernel does not say.
    public static var mayRaise: Bool { cshims_has_capability(24) != 0 }
}
