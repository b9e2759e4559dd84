import CShims
import SystemPackage

/// A pipe whose two ends are closed on exec.
public struct Pipe: Sendable {
    /// The end to read from.
    public let reading: FileDescriptor
    /// The end to write to.
    public let writing: FileDescriptor

    /// Opens a pipe and asks for a buffer of 1 MiB, so that a stream costs few system calls.
    public init() throws(SystemError) {
        var ends: [Int32] = [0, 0]
        try checked("open", "a pipe") { cshims_pipe_cloexec(&ends) }
        reading = FileDescriptor(rawValue: ends[0])
        writing = FileDescriptor(rawValue: ends[1])
        _ = cshims_set_pipe_size(ends[1], 1 << 20)
    }
}
