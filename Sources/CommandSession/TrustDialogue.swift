import Configuration
import Console
import Glibc
import ImageCache
import SystemCalls
import SystemPackage

/// Shows what a configuration wants of this machine, and asks where somebody is there to answer.
package struct TrustDialogue {
    private let terminal: Terminal

    /// Talks on a terminal.
    package init(_ terminal: Terminal) {
        self.terminal = terminal
    }

    /// Whether the user says yes; false where standard input or standard error is no terminal.
    package func ask(_ questions: [OpenQuestion]) throws -> Bool {
        for question in questions { for line in Self.lines(of: question) { terminal.said(line) } }
        guard isatty(STDIN_FILENO) == 1, isatty(STDERR_FILENO) == 1 else { return false }
        terminal.said("Do you trust this in this clone? [y/N]")
        return ["y", "yes"].contains(try Self.answer().lowercased())
    }

    /// A question in lines: why it is asked, then the values; of changed ones the difference.
    package static func lines(of open: OpenQuestion) -> [String] {
        let values = open.question.values
        guard let earlier = open.earlier else {
            return open.question.reasons + values.map { "    \($0)" }
        }
        let changes =
            earlier.filter { !values.contains($0) }.map { "  - \($0)" }
            + values.map { (earlier.contains($0) ? "    " : "  + ") + $0 }
        let isShown = earlier != values
        return open.question.reasons + ["  it was trusted before, and has changed:"]
            + (isShown ? changes : changes + ["    (a value that is not shown)"])
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
