import Git
import LFS

/// The `filter.lfs.*` settings of one file of Git's configuration, set and removed as git-lfs does.
struct ScopedFilters {
    let scope: ConfigurationScope
    let git: GitProgram
    /// The words before `clean`, `smudge` and `filter-process`.
    let command: String

    /// Sets what is missing, or has an older form; nil, or the complaint about a setting of somebody else.
    nonisolated(nonsending) func install(force: Bool, skipsSmudge: Bool) async throws -> [String]? {
        let skip = skipsSmudge ? " --skip" : ""
        let wanted = [
            ("clean", "\(command) clean -- %f"), ("smudge", "\(command) smudge\(skip) -- %f"),
            ("process", "\(command) filter-process\(skip)"), ("required", "true"),
        ]
        for (name, value) in wanted {
            let key = "filter.lfs.\(name)"
            let present = try await scope.run(["--get", key], git) ?? ""
            if present == value && !force { continue }
            guard force || present.isEmpty || isOlderForm(present, of: name) else {
                return [
                    "warning: the \"\(key)\" attribute should be \"\(value)\" but is \"\(present)\"",
                    "Run `git lfs install --force` to reset Git configuration.",
                ]
            }
            guard try await scope.run(["--replace-all", key, value], git) != nil else {
                throw LFSError(.configuration, "set", key, "git config \(scope.words.joined(separator: " ")) failed")
            }
        }
        return nil
    }

    /// Removes the settings; whether there were any.
    nonisolated(nonsending) func uninstall() async throws -> Bool {
        try await scope.run(["--remove-section", "filter.lfs"], git) != nil
    }

    /// Whether a setting is what this program or git-lfs once wrote.
    private func isOlderForm(_ value: String, of name: String) -> Bool {
        if name == "required" { return true }
        let verb = name == "process" ? "filter-process" : name
        let known = ["\(command) \(verb)", "git-lfs \(verb)", "git lfs \(verb)"]
        guard let start = known.first(where: { value == $0 || value.hasPrefix($0 + " ") }) else { return false }
        return value.dropFirst(start.count).split(separator: " ").allSatisfy { ["--skip", "--", "%f"].contains($0) }
    }
}
