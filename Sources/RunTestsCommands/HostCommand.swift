import Console
import Programs
import SystemCalls
import SystemPackage

/// A test command that runs on the host, with this process' own streams.
enum HostCommand {
    /// Runs the command and waits for its end; its status, 128 and the number where a signal ended it.
    static func run(_ command: [String], variables: [String: String], in folder: FilePath) async throws -> Int32 {
        guard let program = command.first else { throw Failure(.usage, "cannot run an empty command") }
        let environment = ProcessEnvironment.current.merging(variables, uniquingKeysWith: { $1 })
        do {
            let child = try ChildProgram(program, Array(command.dropFirst()), in: folder, environment: environment)
            return try await child.runInForeground()
        } catch let error as ProgramError {
            throw Failure(.usage, error.description)
        }
    }
}
