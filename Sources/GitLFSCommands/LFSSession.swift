import ArgumentParser
import CommandSession
import Console
import Git
import LFS
import Programs
import SystemCalls
import SystemPackage

/// What a verb of `cache-image lfs` works with: the repository, and the two streams.
struct LFSSession {
    /// The repository of the current folder.
    let repository: Repository
    /// The current folder.
    let folder: FilePath
    /// The global flags.
    let options: GlobalOptions

    /// Standard input and output, as the filters use them.
    static let input = FileDescriptor(rawValue: 0)
    static let output = FileDescriptor(rawValue: 1)

    /// The words that start this program, quoted for the shell.
    var program: String { ProgramWord.forShell(ProgramWord.current, environment: repository.environment) }

    /// The folder of the work tree that patterns and paths are relative to: the current one, or the root of a work tree
    /// that lies elsewhere (GIT_WORK_TREE); nil without a work tree.
    var workFolder: FilePath? {
        guard let root = repository.workTree, !root.starts(with: repository.gitDirectory) else { return nil }
        let isInside = folder.starts(with: root) && !folder.starts(with: repository.gitDirectory)
        return isInside ? folder : root
    }

    /// Runs a verb in the repository of the current folder and ends in its status, which is git-lfs's.
    ///
    /// - Parameters:
    ///   - options: The global flags.
    ///   - failure: The status of any error.
    ///   - body: The verb.
    static func run(
        _ options: GlobalOptions, failure: Int32 = 2, _ body: (LFSSession) async throws -> Int32
    ) async throws {
        try await end(failure: failure) {
            try Session.changeFolder(options)
            let folder = try Files.currentFolder()
            guard let repository = try Repository.discover(from: folder) else {
                PlainOutput.print("Not in a Git repository.")
                return 128
            }
            return try await body(LFSSession(repository: repository, folder: folder, options: options))
        }
    }

    /// Ends in the status of a verb, or with an error shown.
    static func end(failure: Int32 = 2, _ body: () async throws -> Int32) async throws {
        let status: Int32
        do {
            try SharedLibrary.crypto.load()
            status = try await body()
            // Half of an answer must not look like the whole.
            if let failure = PlainOutput.failure { throw failure }
        } catch let error as ArgumentParser.ExitCode {
            throw error
        } catch let error as CancellationError {
            throw error
        } catch {
            report(error)
            throw ArgumentParser.ExitCode(failure)
        }
        if status != 0 { throw ArgumentParser.ExitCode(status) }
    }

    /// Says that a verb needs a work tree; git-lfs's status.
    func refuseWithoutWorkTree() -> Int32 {
        PlainOutput.print(Repository.needsWorkTree)
        return 128
    }

    /// Installs the hooks that git-lfs installs on the way, where there are none.
    func installMissingHooks() throws {
        try MissingHooks.install(
            repository, program: program, isGitLFS: GitLFSName.isOurs(repository.environment))
    }

    /// The same in the filters, which install hooks only where this program stands for git-lfs.
    func installMissingHooksAsGitLFS() {
        if GitLFSName.isOurs(repository.environment) { try? installMissingHooks() }
    }

    /// Whether standard input is nothing that a filter could be fed from: a terminal, or the null device.
    static var hasNoInput: Bool {
        (try? FileStatus.of(input))?.kind == .characterDevice
    }

    /// Shows an error, with its hint, on stderr.
    static func report(_ error: any Error) {
        let failure = Failure(describing: error)
        PlainOutput.say("cache-image: \(failure.message)\n")
        if let hint = failure.hint { PlainOutput.say("hint: \(hint)\n") }
    }
}
