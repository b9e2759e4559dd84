import Subprocess
import SystemPackage

/// Runs a program that speaks to the user itself: it has this process' stdin and stderr; its stdout goes to stderr.
enum ForegroundProgram {
    /// Runs a program of PATH and gives its exit status, or 128 and the signal.
    static func run(
        _ program: String, _ arguments: [String], in folder: FilePath, environment: [String: String]
    ) async throws -> Int32 {
        var variables: [Environment.Key: String] = [:]
        for (name, value) in environment { variables[Environment.Key(stringLiteral: name)] = value }
        let terminal = FileDescriptor.standardError
        do {
            let result = try await Subprocess.run(
                .name(program), arguments: Arguments(arguments), environment: .custom(variables),
                workingDirectory: folder, input: .fileDescriptor(.standardInput, closeAfterSpawningProcess: false),
                output: .fileDescriptor(terminal, closeAfterSpawningProcess: false),
                error: .fileDescriptor(terminal, closeAfterSpawningProcess: false))
            switch result.terminationStatus {
            case .exited(let code): return code
            case .signaled(let signal): return 128 + signal
            }
        } catch {
            throw LFSError(.failed, "run", program, "the program is not installed or does not start")
        }
    }
}
