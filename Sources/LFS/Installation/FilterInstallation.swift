import Git
import Programs
import SystemCalls
import SystemPackage

/// The `filter.lfs.*` settings by which Git cleans and smudges large files.
public struct FilterInstallation {
    private let repository: Repository
    private let program: String

    /// Installs into a repository.
    ///
    /// - Parameters:
    ///   - repository: The repository.
    ///   - program: The words that start this program, quoted for the shell.
    public init(_ repository: Repository, program: String) {
        self.repository = repository
        self.program = program
    }

    /// Whether filters are configured whose program exists.
    public func isConfigured() throws -> Bool {
        let configuration = try repository.configuration()
        guard let command = configuration.string("filter.lfs.process") ?? configuration.string("filter.lfs.clean"),
            !command.isEmpty
        else { return false }
        let word = ShellWord.first(of: command)
        if word == "git" { return true }
        return word.contains("/")
            ? Files.exists(FilePath(word)) : ProgramSearch.find(word, environment: repository.environment) != nil
    }

    /// Whether the filters in force are those that `install` set.
    public func isOwn() throws -> Bool {
        let command = try repository.configuration().string("filter.lfs.clean") ?? ""
        return command.hasSuffix(" lfs clean -- %f")
    }

    /// Writes the settings into the repository's own configuration, unless others work already; whether it did.
    ///
    /// `required` is set, so that Git never takes in a large file as it is when the program is gone.
    @discardableResult
    public func install(force: Bool = false, skipsSmudge: Bool = false) throws -> Bool {
        if try !force && isConfigured() { return false }
        // Git takes `%` for the start of a placeholder where it knows `%f`.
        let filter = program.replacing("%", with: "%%")
        let skip = skipsSmudge ? " --skip" : ""
        try repository.setConfiguration("filter.lfs.clean", to: "\(filter) lfs clean -- %f")
        try repository.setConfiguration("filter.lfs.smudge", to: "\(filter) lfs smudge\(skip) -- %f")
        try repository.setConfiguration("filter.lfs.process", to: "\(program) lfs filter-process\(skip)")
        try repository.setConfiguration("filter.lfs.required", to: "true")
        try installMergeDriver()
        return true
    }

    /// Sets the driver for rules that git-lfs wrote (`merge=lfs`), unless there is one.
    @discardableResult
    public func installMergeDriver() throws -> Bool {
        if try repository.configuration().string("merge.lfs.driver") != nil { return false }
        try repository.setConfiguration("merge.lfs.name", to: "Git LFS files are kept whole")
        try repository.setConfiguration(
            "merge.lfs.driver", to: "\(program.replacing("%", with: "%%")) lfs merge %O %A %B %P")
        return true
    }

    /// Removes the settings from the repository's own configuration; whether there were any.
    @discardableResult
    public func uninstall() throws -> Bool {
        var removed = false
        for name in ["clean", "smudge", "process", "required"] {
            if try repository.unsetConfiguration("filter.lfs.\(name)") { removed = true }
        }
        if try repository.configuration().string("merge.lfs.driver")?.contains(" lfs merge ") ?? false {
            for name in ["name", "driver"] { try repository.unsetConfiguration("merge.lfs.\(name)") }
        }
        return removed
    }
}
