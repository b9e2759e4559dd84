import Console
import Programs
import SystemCalls
import SystemPackage

/// A test command that runs on the host, with this process' own output.
enum HostCommand {
    /// Runs the command and waits for its end; its status, 128 and the number where a signal ended it.
    ///
    /// - Parameters:
    ///   - command: The words.
    ///   - variables: The level's variables.
    ///   - surroundings: This process' environment with absolute paths, since the command runs in another folder.
    ///   - readsInput: Whether it reads this process' input; it is empty otherwise.
    ///   - folder: Where it runs.
    static func run(
        _ command: [String], variables: [String: String], surroundings: [String: String], readsInput: Bool,
        in folder: FilePath
    ) async throws -> Int32 {
        guard let program = command.first else { throw Failure(.usage, "cannot run an empty command") }
        let given = ProcessEnvironment.current
        let absolute = surroundings.filter { given[$0.key] != nil }
        let environment = given.merging(absolute) { $1 }.merging(variables) { $1 }
        do {
            let child = try ChildProgram(program, Array(command.dropFirst()), in: folder, environment: environment)
            return try await child.runInForeground(readsInput: readsInput)
        } catch let error as ProgramError {
            throw Failure(.usage, error.description)
        }
    }
}
