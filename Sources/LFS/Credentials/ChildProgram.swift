import Subprocess
import SystemPackage

/// Runs a program to its end with little input and output: `git credential`, `ssh`, a few questions to `git`.
enum ChildProgram {
    /// What the program left behind.
    struct Outcome: Sendable {
        /// The exit status; 128 and the signal's number where a signal ended it.
        let status: Int32
        let output: [UInt8]
        let error: [UInt8]

        var text: String { String(decoding: output, as: UTF8.self) }
        /// The first line of stderr that says something.
        var complaint: String {
            String(decoding: error, as: UTF8.self).split(separator: "\n").map(String.init)
                .first { !$0.allSatisfy(\.isWhitespace) } ?? "exit status \(status)"
        }
    }

    /// Runs a program of PATH, or at a path.
    static func run(
        _ program: String, _ arguments: [String], in folder: FilePath?, environment: [String: String],
        input: [UInt8] = []
    ) async throws(LFSError) -> Outcome {
        var variables: [Environment.Key: String] = [:]
        for (name, value) in environment { variables[Environment.Key(stringLiteral: name)] = value }
        do {
            let result = try await Subprocess.run(
                program.contains("/") ? .path(FilePath(program)) : .name(program), arguments: Arguments(arguments),
                environment: .custom(variables), workingDirectory: folder, input: .array(input),
                output: .bytes(limit: 64 << 20), error: .bytes(limit: 4 << 20))
            let status: Int32 =
                switch result.terminationStatus {
                case .exited(let code): code
                case .signaled(let signal): 128 + signal
                }
            return Outcome(status: status, output: result.standardOutput, error: result.standardError)
        } catch {
            throw LFSError(.failed, "run", program, "the program is not installed or does not start")
        }
    }
}
