import Console
import JSON
import Synchronization
import SystemCalls
import SystemPackage

/// Standard output and standard error as they are, for what has a form of its own: help, data, and another program's
/// words.
///
/// In lines, documents and messages URLs are shown without what may be a secret; bytes go out as they are.
package enum PlainOutput {
    private static let output = FileDescriptor(rawValue: 1)
    private static let firstError = Mutex<SystemError?>(nil)

    /// Why stdout did not take everything; nil where it did, or where its reader went away (`| head`).
    package static var failure: Failure? {
        guard let error = firstError.withLock({ $0 }), error.errno != .brokenPipe else { return nil }
        return Failure(.failed, "cannot write standard output: \(error.errno.description)")
    }

    /// Writes a line to stdout, or several of our own; what others wrote in them is escaped.
    package static func print(_ text: String) {
        write(Array((Printable.escapedLines(ShownURL.masked(text)) + "\n").utf8))
    }

    /// Writes a document to stdout, one space of indentation to a level.
    package static func print(_ document: JSONValue) {
        write(Array((Printable.escapedJSON(document.mapStrings(ShownURL.masked).indentedText()) + "\n").utf8))
    }

    /// Writes a document to stdout, on one line.
    package static func printLine(_ document: JSONValue) {
        write(Array((Printable.escapedJSON(document.mapStrings(ShownURL.masked).text) + "\n").utf8))
    }

    /// Writes bytes to stdout; what fails is told by `failure`.
    package static func write(_ bytes: [UInt8]) {
        firstError.withLock { first in
            if first != nil { return }
            do throws(SystemError) {
                try Files.write(bytes, to: output, named: "standard output")
            } catch {
                first = error
            }
        }
    }

    /// Writes lines to stderr; what others wrote in them is escaped.
    package static func say(_ text: String) {
        try? Files.write(
            Array(Printable.escapedLines(ShownURL.masked(text)).utf8), to: FileDescriptor(rawValue: 2),
            named: "standard error")
    }
}
