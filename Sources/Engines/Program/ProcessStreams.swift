import SystemPackage

/// What an engine's program reads.
enum ProcessInput: Sendable {
    case none
    case inherited
    /// An open file, which stays the caller's.
    case file(FileDescriptor)
    case writer(@Sendable (FileDescriptor, Activity) throws -> Void)
}

extension ProcessInput {
    /// Whether the program reads what we would read.
    var isInherited: Bool { if case .inherited = self { true } else { false } }
}

/// Where the output of an engine's program goes; its errors are always kept, line by line.
enum ProcessOutput: Sendable {
    case collected
    case inherited
    /// Output and errors together, line by line.
    case lines(@Sendable (String) -> Void)
    case reader(@Sendable (FileDescriptor, Activity) throws -> Void)
}
