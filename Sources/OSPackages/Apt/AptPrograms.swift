import Glibc
import Programs
import SystemCalls
import SystemPackage

/// Runs apt's programs so that nothing of them outlives the build: they start methods, which wait for servers.
enum AptPrograms {
    /// Runs a program to its end; a cancelled task ends it and all that it started.
    ///
    /// As root it is ended by `kill -9` of this process, too. Others, and root where namespaces are forbidden, can resolve
    /// packages without that.
    static func run(
        _ program: String, _ arguments: [String], in folder: FilePath, environment: [String: String]
    ) async throws -> ProgramResult {
        var child = try ChildProgram(program, arguments, in: folder, environment: environment)
        if geteuid() == 0, ProgramSearch.find("unshare", environment: environment) != nil {
            let result = try await ContainedProgram(
                [child.path.string] + arguments, in: folder, environment: environment
            ).run()
            if result.isSuccess || !result.errorText.hasPrefix("unshare: ") { return result }
        }
        child.ownsGroup = true
        let result = try await child.run()
        try Task.checkCancellation()
        return result
    }
}
