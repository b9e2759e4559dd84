import Console
import JSON
import Synchronization
import SystemCalls
import SystemPackage

/// Standard output and standard error as they are, for what has a form of its own: help, data, and another program's
/// words.
package enum PlainOutput {
    private static let output = FileDescriptor(rawValue: 1)
    private static let firstError = Mutex<SystemError?>(nil)

    /// Why stdout did not take everything; nil where it did, or where its reader went away (`| head`).
    package static var failure: Failure? {
        guard let error = firstError.withLock({ $0 }), error.errno != .brokenPipe else { return nil }
        return Failure(.failed, "cannot write standard output: \(error.errno.description)")
    }

    /// Writes a line to stdout.
    package static func print(_ line: String) {
        write(Array((line + "\n").utf8))
    }

    /// Writes a document to stdout, one space of indentation to a level.
    package static func print(_ document: JSONValue) {
        print(document.indentedText())
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

    /// Writes text to stderr.
    package static func say(_ text: String) {
        try? Files.write(Array(text.utf8), to: FileDescriptor(rawValue: 2), named: "standard error")
    }
}
