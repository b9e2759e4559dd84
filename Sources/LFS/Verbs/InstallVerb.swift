import Git
import SystemCalls
import SystemPackage

/// `lfs install` and `lfs uninstall`: filters, merge driver and hook of one repository.
public struct InstallVerb {
    private let repository: Repository
    private let program: String
    private let print: (String) -> Void
    private let warn: (String) -> Void

    /// Works on a repository.
    ///
    /// - Parameters:
    ///   - repository: The repository.
    ///   - program: The words that start this program, quoted for the shell.
    ///   - print: Takes lines for stdout.
    ///   - warn: Takes lines for stderr.
    public init(
        _ repository: Repository, program: String, print: @escaping (String) -> Void, warn: @escaping (String) -> Void
    ) {
        self.repository = repository
        self.program = program
        self.print = print
        self.warn = warn
    }

    /// Installs what is missing; the exit status, which is 2 where the hook is somebody else's.
    ///
    /// - Parameters:
    ///   - force: Sets the filters even where others work.
    ///   - skipsSmudge: New checkouts keep pointers until they are asked for.
    ///   - skipsHook: Leaves hooks alone (`--skip-repo`).
    ///   - onDemand: The pattern that other clients shall not fetch by themselves, put into `.lfsconfig`.
    public func install(
        force: Bool = false, skipsSmudge: Bool = false, skipsHook: Bool = false, onDemand: String? = nil
    ) throws -> Int32 {
        let filters = FilterInstallation(repository, program: program)
        try filters.install(force: force, skipsSmudge: skipsSmudge)
        try filters.installMergeDriver()
        if let onDemand { try exclude(onDemand) }
        if skipsHook {
            print("Git LFS initialized.")
            return 0
        }
        let hook = PrePushHook(repository, program: program)
        for name in try hook.removeOrphans() { warn("removed the hook \(name) of git-lfs, which is not installed") }
        if case .foreign(let path, let lines) = try hook.install() {
            warn("Hook already exists: \(path.string)")
            warn("")
            warn("It was left alone. To upload LFS objects with every push, add to it:")
            for line in lines { warn("\t" + line) }
            return 2
        }
        print("Updated Git hooks.")
        print("Git LFS initialized.")
        return 0
    }

    /// Takes back what `install` did in this repository.
    public func uninstall() throws {
        try PrePushHook(repository, program: program).uninstall()
        try FilterInstallation(repository, program: program).uninstall()
        print("Local Git LFS configuration has been removed.")
    }

    /// Adds a pattern to `lfs.fetchexclude` of the committed `.lfsconfig`.
    private func exclude(_ pattern: String) throws {
        guard let workTree = repository.workTree else {
            throw LFSError(.configuration, "change", ".lfsconfig", "the repository has no work tree")
        }
        let path = workTree.appending(".lfsconfig")
        let present = try Files.read(path).map { try GitConfiguration(parsing: $0, file: path.string) }
        var patterns = PathFilter.patterns(present?.string("lfs.fetchexclude"))
        if patterns.contains(pattern) { return }
        patterns.append(pattern)
        try GitConfigurationFile(path).set("lfs.fetchexclude", to: patterns.joined(separator: ","))
    }
}
