import Git
import LFS
import SystemCalls
import SystemPackage

extension InstallVerb {
    /// Installs the hooks, or shows them; the exit status, which is 2 where a hook is somebody else's.
    func installHooks(_ repository: Repository, force: Bool) throws -> Int32 {
        isGitLFS ? try installGitLFSHooks(repository, force: force) : try installOwnHook(repository, force: force)
    }

    private func installGitLFSHooks(_ repository: Repository, force: Bool) throws -> Int32 {
        let hooks = try GitLFSHooks(repository)
        if isManual {
            for line in hooks.manual() { console.print(line) }
            return 0
        }
        if let foreign = try hooks.install(force: force) {
            complain(of: foreign)
            console.complain("To resolve this, either:")
            console.complain("  1: run `git lfs update --manual` for instructions on how to merge hooks.")
            console.complain("  2: run `git lfs update --force` to overwrite your hook.")
            return 2
        }
        console.print("Updated Git hooks.")
        return 0
    }

    /// Shows a hook that is neither git-lfs's nor this program's.
    func complain(of foreign: GitLFSHooks.Foreign) {
        console.complain("Hook already exists: \(foreign.name)")
        console.complain("")
        for line in foreign.text.split(separator: "\n") { console.complain("\t" + line) }
        console.complain("")
    }

    private func installOwnHook(_ repository: Repository, force: Bool) throws -> Int32 {
        let hook = PrePushHook(repository, program: program)
        if isManual {
            console.print("Add the following to '\(try hook.folder().appending("pre-push").string)':")
            console.print("")
            for line in hook.lines { console.print("\t" + line) }
            return 0
        }
        for name in try hook.removeOrphans() {
            console.complain("removed the hook \(name) of git-lfs, which is not installed")
        }
        let outcome = try hook.install(force: force)
        if case .switchedOff(let path) = outcome {
            console.complain("Hooks are switched off: core.hooksPath is \(path.string), which is no folder.")
            console.complain("So git push uploads no LFS objects; use cache-image push.")
            return 2
        }
        if case .foreign(let path, let lines) = outcome {
            console.complain("Hook already exists: \(path.string)")
            console.complain("")
            console.complain("It was left alone. To upload LFS objects with every push, add to it:")
            for line in lines { console.complain("\t" + line) }
            return 2
        }
        console.print("Updated Git hooks.")
        return 0
    }

    /// Adds a pattern to `lfs.fetchexclude` of the committed `.lfsconfig`.
    func exclude(_ pattern: String, _ repository: Repository) throws {
        guard let workTree = repository.workTree else {
            throw LFSError(.configuration, "change", ".lfsconfig", "the repository has no work tree")
        }
        let path = workTree.appending(".lfsconfig")
        let present = try Files.readPlain(path).map { try GitConfiguration(parsing: $0, file: path.string) }
        var patterns = PathFilter.patterns(present?.string("lfs.fetchexclude"))
        if patterns.contains(pattern) { return }
        patterns.append(pattern)
        try GitConfigurationFile(path).set("lfs.fetchexclude", to: patterns.joined(separator: ","))
    }
}
