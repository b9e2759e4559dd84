import CShims

/// What this process may use, as the kernel says; /proc is not asked.
///
/// What is too little to work with ends the program before any of this runs (CShims, Limits.c).
public enum ResourceLimits {
    /// The most open files that this process may ever have.
    public static var files: UInt64 { cshims_file_limit() }
    /// The most processes that this user may ever have.
    public static var processes: UInt64 { cshims_process_limit() }

    /// The most bytes that a file of this process may have.
    public static var fileSize: UInt64 { cshims_file_size_limit() }

    /// Whether this process may raise its limits (CAP_SYS_RESOURCE); true where the kernel does not say.
    public static var mayRaise: Bool { cshims_has_capability(24) != 0 }
}
