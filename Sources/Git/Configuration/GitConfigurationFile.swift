import CGit2
import SystemCalls
import SystemPackage

/// One configuration file to be changed: a repository's own, or `.lfsconfig`.
public struct GitConfigurationFile: Sendable {
    /// The file; it is made at the first `set`.
    public let path: FilePath

    /// Names the file.
    public init(_ path: FilePath) {
        self.path = path
    }

    private func open() throws(GitError) -> Handle {
        try LibGit2.start()
        let handle = try Handle.open(
            "open", "Git configuration \(path.string)", free: git_config_free,
            { git_config_open_ondisk(&$0, path.string) })
        guard let handle else {
            throw GitError(.notFound, "open", "Git configuration \(path.string)", LibGit2.lastMessage)
        }
        return handle
    }

    /// Sets a variable to one value; several values of it are replaced by this one.
    public func set(_ name: String, to value: String) throws(GitError) {
        let handle = try open()
        func set() throws(GitError) {
            try LibGit2.check(
                "set", "\(name) in \(path.string)", git_config_set_string(handle.pointer, name, value))
        }
        do {
            try set()
        } catch {
            // The library does not replace several values by one.
            guard git_config_delete_multivar(handle.pointer, name, ".*") == 0 else { throw error }
            try set()
        }
    }

    /// Removes a variable with all its values; whether it was there.
    @discardableResult
    public func unset(_ name: String) throws(GitError) -> Bool {
        guard Files.exists(path) else { return false }
        let handle = try open()
        return try LibGit2.find(
            "remove", "\(name) from \(path.string)", git_config_delete_multivar(handle.pointer, name, ".*"))
    }
}

extension Repository {
    /// The repository's own configuration file, shared by its worktrees.
    public var configurationFile: GitConfigurationFile {
        GitConfigurationFile(commonDirectory.appending("config"))
    }

    /// Sets a variable in the repository's own configuration.
    public func setConfiguration(_ name: String, to value: String) throws {
        try configurationFile.set(name, to: value)
        forgetConfiguration()
    }

    /// Removes a variable from the repository's own configuration; whether it was there.
    @discardableResult
    public func unsetConfiguration(_ name: String) throws -> Bool {
        defer { forgetConfiguration() }
        return try configurationFile.unset(name)
    }
}
