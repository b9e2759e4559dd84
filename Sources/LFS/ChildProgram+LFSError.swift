import Programs
import SystemPackage

extension ChildProgram {
    /// Runs a program that is asked for a login; one that cannot be started is an `LFSError`.
    static func run(
        _ program: String, _ arguments: [String], in folder: FilePath?, environment: [String: String],
        input: [UInt8] = []
    ) async throws(LFSError) -> ProgramResult {
        do {
            return try await ChildProgram(program, arguments, in: folder, environment: environment)
                .runForLogin(input: input)
        } catch let error as ProgramError where error.isGivenUp {
            throw LFSError(.network, "ask", program, error.reason)
        } catch {
            throw LFSError(.failed, "run", program, "the program is not installed or does not start")
        }
    }
}
