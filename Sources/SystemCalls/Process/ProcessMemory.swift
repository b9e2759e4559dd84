import CShims

/// The memory of this process.
public enum ProcessMemory {
    /// Sets the allocator up for a process that lives for milliseconds; a tenth of a no-op's time is page faults otherwise.
    public static func tuneForShortLife() {
        cshims_tune_allocator()
    }
}
