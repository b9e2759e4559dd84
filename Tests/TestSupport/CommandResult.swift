/// What a program that ran left behind.
public struct CommandResult: Sendable, CustomStringConvertible {
    /// The command, for messages.
    public let command: String
    /// The exit status; 128 and the signal's number where a signal ended it.
    public let status: Int32
    /// What it wrote to stdout.
    public let outputBytes: [UInt8]
    /// What it wrote to stderr.
    public let errorBytes: [UInt8]

    /// Stdout as text.
    public var output: String { String(decoding: outputBytes, as: UTF8.self) }
    /// Stderr as text.
    public var error: String { String(decoding: errorBytes, as: UTF8.self) }
    /// Stdout's lines, without empty ones.
    public var lines: [String] { output.split(separator: "\n").map(String.init) }

    /// The command, its status and what it wrote, for a failed expectation.
    public var description: String { "\(command): exit \(status)\n\(output)\(error)" }

    /// The result itself, where the program ended with `status`; else an error with all that it said.
    @discardableResult
    public func check(_ expected: Int32 = 0) throws -> CommandResult {
        if status != expected { throw UnexpectedStatus(description: "expected exit \(expected): \(self)") }
        return self
    }

    struct UnexpectedStatus: Error, CustomStringConvertible {
        let description: String
    }
}
