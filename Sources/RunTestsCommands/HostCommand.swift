import Console
import Subprocess
import SystemCalls
import SystemPackage

/// A test command that runs on the host, with this process' own streams.
enum HostCommand {
    /// Runs the command and waits for its end; its status, 128 and the number where a signal ended it.
    ///
    /// - Parameters:
    ///   - command: The words.
    ///   - variables: The level's variables.
    ///   - surroundings: This process' environment with absolute paths, since the command runs in another folder.
    ///   - folder: Where it runs.
    static func run(
        _ command: [String], variables: [String: String], surroundings: [String: String], in folder: FilePath
    ) async throws -> Int32 {
        guard let program = command.first else { throw Failure(.usage, "cannot run an empty command") }
        var environment: [Environment.Key: String] = [:]
        let given = ProcessEnvironment.current
        let absolute = surroundings.filter { given[$0.key] != nil }
        for (name, value) in given.merging(absolute, uniquingKeysWith: { $1 }).merging(
            variables, uniquingKeysWith: { $1 })
        {
            environment[Environment.Key(stringLiteral: name)] = value
        }
        let executable: Executable = program.contains("/") ? .path(folder.pushing(FilePath(program))) : .name(program)
        var options = PlatformOptions()
        options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(10))]
        do {
            let result = try await Subprocess.run(
                executable, arguments: Arguments(Array(command.dropFirst())), environment: .custom(environment),
                workingDirectory: folder, platformOptions: options,
                input: .fileDescriptor(.standardInput, closeAfterSpawningProcess: false),
                output: .fileDescriptor(.standardOutput, closeAfterSpawningProcess: false),
                error: .fileDescriptor(.standardError, closeAfterSpawningProcess: false))
            switch result.terminationStatus {
            case .exited(let status): return status
            case .signaled(let signal): return 128 + signal
            }
        } catch let error as SubprocessError {
            throw Failure(.usage, "cannot run \(program): \(error)")
        }
    }
}
