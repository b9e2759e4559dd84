import Console
import Glibc
import SystemCalls
import SystemPackage

/// A question that somebody at a terminal answers with yes or no.
package struct Confirmation {
    private let terminal: Terminal

    /// Asks on a terminal.
    package init(_ terminal: Terminal) {
        self.terminal = terminal
    }

    /// Whether somebody can be asked: standard input and standard error are terminals.
    package var isPossible: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1 }

    /// Whether the user says yes; anything else, and silence, is no.
    package func ask(_ question: String) throws -> Bool {
        terminal.said("\(question) [y/N]")
        return ["y", "yes"].contains(try Self.answer().lowercased())
    }

    /// One line of standard input; a signal ends the wait.
    private static func answer() throws -> String {
        var line: [UInt8] = []
        while true {
            if Task.isCancelled { throw CancellationError() }
            var request = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
            if poll(&request, 1, 100) <= 0 { continue }
            var byte: UInt8 = 0
            let count = try withUnsafeMutableBytes(of: &byte) { try FileDescriptor.standardInput.read(into: $0) }
            if count == 0 || byte == UInt8(ascii: "\n") { break }
            if line.count < 100 { line.append(byte) }
        }
        let text = String(decoding: line, as: UTF8.self)
        return String(text.drop { $0 == " " }.prefix { !$0.isWhitespace })
    }
}
