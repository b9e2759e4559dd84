import Glibc
import Synchronization
import SystemCalls
import SystemPackage

/// What a program writes, handed on line by line, so that nothing of a line passes before all of it was seen.
///
/// A line without its end is handed on where nothing more comes for a while: a question, as a rule.
final class RelayedLines: Sendable {
    /// The end for the program's stdout and stderr.
    let writing: FileDescriptor
    private let reading: FileDescriptor
    private let relay: @Sendable ([UInt8]) -> Void
    private let isOver = Atomic(false)
    private static let patience: Int32 = 100
    private static let limit = 64 << 10

    init(_ relay: @escaping @Sendable ([UInt8]) -> Void) throws {
        let pipe = try Pipe()
        (reading, writing) = (pipe.reading, pipe.writing)
        self.relay = relay
    }

    /// The program has ended; what it left behind may still hold the pipe, and is not waited for.
    func end() {
        isOver.store(true, ordering: .releasing)
    }

    /// Closes both ends.
    func close() {
        try? writing.close()
        try? reading.close()
    }

    /// Reads until the program has ended and nothing more comes.
    func run() throws {
        var buffer = [UInt8](repeating: 0, count: Self.limit)
        var line: [UInt8] = []
        while true {
            let isLast = isOver.load(ordering: .acquiring)
            var request = pollfd(fd: reading.rawValue, events: Int16(POLLIN), revents: 0)
            let count = poll(&request, 1, isLast ? 0 : Self.patience)
            if count < 0 { continue }
            if count == 0 {
                if !line.isEmpty { relay(line) }
                line = []
                if isLast { return }
                continue
            }
            let length = try Files.read(reading, into: &buffer, named: "a program's output")
            if length == 0 { return }
            line += buffer[..<length]
            let end = line.count > Self.limit ? line.endIndex - 1 : line.lastIndex { $0 == 0x0A || $0 == 0x0D }
            guard let end else { continue }
            relay(Array(line[...end]))
            line.removeSubrange(...end)
        }
    }
}
