import Programs
import SystemPackage

extension ChildProgram {
    /// Runs a program with little input and output; one that cannot be started is an `LFSError`.
    static func run(
        _ program: String, _ arguments: [String], in folder: FilePath?, environment: [String: String],
        input: [UInt8] = []
    ) async throws(LFSError) -> ProgramResult {
        do {
            return try await ChildProgram(program, arguments, in: folder, environment: environment).run(input: input)
        } catch {
            throw LFSError(.failed, "run", program, "the program is not installed or does not start")
        }
    }
}
