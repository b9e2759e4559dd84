import ArgumentParser
import CommandSession
import Git
import LFS
import Programs
import SystemCalls
import SystemPackage

/// Where a verb runs that needs no repository.
struct LFSPlace {
    /// The current folder.
    let folder: FilePath
    /// The global flags.
    let options: GlobalOptions
    /// The repository around the folder; nil outside of one.
    let session: LFSSession?

    /// Runs a verb inside or outside a repository and ends in its status.
    static func run(_ options: GlobalOptions, _ body: (LFSPlace) async throws -> Int32) async throws {
        try await LFSSession.end {
            try Session.changeFolder(options)
            let folder = try Files.currentFolder()
            let repository = try Repository.discover(from: folder)
            return try await body(
                LFSPlace(
                    folder: folder, options: options,
                    session: repository.map { LFSSession(repository: $0, folder: folder, options: options) }))
        }
    }

    /// The verb that installs, as this program is called.
    func installVerb(scope: ConfigurationScope?) throws -> InstallVerb {
        let environment = ProcessEnvironment.current
        var verb = InstallVerb(
            program: ProgramWord.forShell(ProgramWord.current, environment: environment),
            isGitLFS: GitLFSName.isOurs(environment),
            VerbConsole(print: { PlainOutput.print($0) }, complain: { PlainOutput.say($0 + "\n") }))
        verb.scope = scope
        return verb
    }
}
