import Subprocess
import SystemCalls

/// What a program left behind.
public struct ProgramResult: Sendable {
    /// The exit status; 128 and the signal's number where a signal ended it.
    public let status: Int32
    /// What it wrote to stdout.
    public let output: [UInt8]
    /// What it wrote to stderr.
    public let errors: [UInt8]

    /// Whether it ended with 0.
    public var isSuccess: Bool { status == 0 }
    /// Stdout as text.
    public var text: String { String(decoding: output, as: UTF8.self) }
    /// Stderr as text.
    public var errorText: String { String(decoding: errors, as: UTF8.self) }
    /// The first line of stderr that says something.
    public var complaint: String {
        errorText.split(separator: "\n").map(String.init).first { !$0.allSatisfy(\.isWhitespace) }
            ?? "exit status \(status)"
    }
}

/// A program that could not be started, or was given up.
public struct ProgramError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The program, as it was named.
    public let program: String
    /// Why it does not run.
    public let reason: String
    /// Whether it ran, and took too long or said too much.
    public var isGivenUp = false

    /// `cannot run PROGRAM: REASON`.
    public var description: String { "cannot run \(program): \(reason)" }
}

extension TerminationStatus {
    /// The status as a shell gives it: 128 and the signal's number where a signal ended the program.
    public var exitStatus: Int32 {
        switch self {
        case .exited(let code): code
        case .signaled(let signal): 128 + signal
        }
    }
}

extension Environment {
    /// Exactly these variables.
    public static func exactly(_ variables: [String: String]) -> Environment {
        .custom(variables.map { $0.key.keptBytes + [UInt8(ascii: "=")] + $0.value.keptBytes + [0] })
    }
}

extension Arguments {
    /// These words, with the bytes that are not UTF-8 in them.
    ///
    /// The library takes each for the text of C that it is.
    public static func keeping(_ words: [String]) -> Arguments {
        Arguments(words.map { $0.keptBytes + [0] })
    }
}
