import Git
import LFS
import SystemCalls
import SystemPackage

/// `lfs install`, `lfs update` and `lfs uninstall`: filters, merge driver and hooks.
///
/// Where the `git-lfs` of PATH is this program, they do what git-lfs does, in its words; else only this repository is
/// changed, and only where nothing works yet.
struct InstallVerb: Sendable {
    /// The configuration to change; nil for this repository's, or as `git-lfs` the user's.
    var scope: ConfigurationScope?
    /// Changes what is somebody else's.
    var force = false
    /// New checkouts keep pointers until they are asked for.
    var skipsSmudge = false
    /// Leaves hooks alone (`--skip-repo`).
    var skipsHooks = false
    /// Shows the hooks instead of writing them.
    var isManual = false
    /// The pattern that other clients shall not fetch by themselves, put into `.lfsconfig`.
    var onDemand: String?

    /// The words that start this program, quoted for the shell.
    let program: String
    /// Whether the `git-lfs` of PATH is this program.
    let isGitLFS: Bool
    let console: VerbConsole

    /// Does nothing until the options are set.
    init(program: String, isGitLFS: Bool, _ console: VerbConsole) {
        self.program = program
        self.isGitLFS = isGitLFS
        self.console = console
    }

    /// Installs what is missing; the exit status.
    ///
    /// - Parameters:
    ///   - repository: The repository; nil outside of one.
    ///   - folder: The current folder.
    nonisolated(nonsending) func install(_ repository: Repository?, in folder: FilePath) async throws -> Int32 {
        let scope = scope ?? (isGitLFS ? .global : .local)
        if scope.needsRepository || onDemand != nil, repository == nil { return notInRepository() }
        if let repository, scope == .local, !isGitLFS {
            try FilterInstallation(repository, program: program).install(force: force, skipsSmudge: skipsSmudge)
        } else if let lines = try await filters(scope, repository, folder).install(
            force: force, skipsSmudge: skipsSmudge)
        {
            for line in lines { console.print(line) }
            return 2
        }
        if let repository {
            try FilterInstallation(repository, program: program).installMergeDriver()
            if let onDemand { try exclude(onDemand, repository) }
            if !skipsHooks {
                let status = try installHooks(repository, force: force && isGitLFS)
                if status != 0 { return status }
            }
        }
        console.print("Git LFS initialized.")
        return 0
    }

    /// Installs hooks only (`lfs update`); the exit status.
    func update(_ repository: Repository?) throws -> Int32 {
        guard let repository else { return notInRepository() }
        return try installHooks(repository, force: force)
    }

    /// Takes back what `install` did; the exit status.
    ///
    /// - Parameters:
    ///   - repository: The repository; nil outside of one.
    ///   - folder: The current folder.
    ///   - onlyHooks: Leaves the configuration as it is (`uninstall hooks`).
    nonisolated(nonsending) func uninstall(
        _ repository: Repository?, in folder: FilePath, onlyHooks: Bool = false
    ) async throws -> Int32 {
        let scope = scope ?? (isGitLFS ? .global : .local)
        if scope.needsRepository, repository == nil { return notInRepository() }
        if let repository, !skipsHooks {
            try PrePushHook(repository, program: program).uninstall()
            if isGitLFS || onlyHooks {
                if let foreign = try GitLFSHooks(repository).uninstall() { complain(of: foreign) }
                console.print("Hooks for this repository have been removed.")
            }
        }
        if onlyHooks { return 0 }
        if let repository, scope == .local {
            try FilterInstallation(repository, program: program).uninstall()
        } else {
            _ = try await filters(scope, repository, folder).uninstall()
        }
        if !isGitLFS || !scope.needsRepository {
            console.print("\(scope.title) Git LFS configuration has been removed.")
        }
        return 0
    }

    private func filters(_ scope: ConfigurationScope, _ repository: Repository?, _ folder: FilePath) -> ScopedFilters {
        let environment = repository?.environment ?? ProcessEnvironment.current
        return ScopedFilters(
            scope: scope, git: GitProgram(in: folder, environment: environment),
            command: isGitLFS ? "git-lfs" : "\(program) lfs")
    }

    private func notInRepository() -> Int32 {
        console.print("Not in a Git repository.")
        return 128
    }
}
