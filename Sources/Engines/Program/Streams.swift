import Glibc
import SystemCalls
import SystemPackage

/// The ends of the pipes between this process and an engine's program.
struct Streams: Sendable {
    private(set) var childInput = FileDescriptor.standardInput
    private(set) var childOutput = FileDescriptor.standardOutput
    private(set) var childErrors = FileDescriptor.standardError
    /// Whether the child's ends are ours to close once it runs.
    private(set) var ownsInput = false
    private(set) var ownsOutput = false
    private(set) var ownsErrors = false
    private(set) var toInput: FileDescriptor?
    private(set) var fromOutput: FileDescriptor?
    private(set) var fromErrors: FileDescriptor?

    init(input: ProcessInput, output: ProcessOutput, inheritingErrors: Bool) throws {
        do {
            switch input {
            case .inherited: break
            case .file(let descriptor): childInput = descriptor
            case .none:
                // The reading end of a pipe without a writer: a root without /dev has no null device.
                let pipe = try Pipe()
                try? pipe.writing.close()
                (childInput, ownsInput) = (pipe.reading, true)
            case .writer:
                let pipe = try Pipe()
                (childInput, toInput, ownsInput) = (pipe.reading, pipe.writing, true)
            }
            if case .inherited = output {
            } else {
                let pipe = try Pipe()
                (childOutput, fromOutput, ownsOutput) = (pipe.writing, pipe.reading, true)
            }
            if case .lines = output {
                let number = try checked("copy", "a pipe") { fcntl(childOutput.rawValue, F_DUPFD_CLOEXEC, 0) }
                (childErrors, ownsErrors) = (FileDescriptor(rawValue: number), true)
            } else if !inheritingErrors {
                let pipe = try Pipe()
                (childErrors, fromErrors, ownsErrors) = (pipe.writing, pipe.reading, true)
            }
        } catch {
            closeOwn()
            closeChild()
            throw error
        }
    }

    /// Closes our ends; the child's are closed by whoever started it.
    func closeOwn() {
        for descriptor in [toInput, fromOutput, fromErrors] { try? descriptor?.close() }
    }

    private func closeChild() {
        if ownsInput { try? childInput.close() }
        if ownsOutput { try? childOutput.close() }
        if ownsErrors { try? childErrors.close() }
    }
}
