import CGit2
import SystemCalls
import SystemPackage

/// One configuration file to be changed: a repository's own, or `.lfsconfig`.
public struct GitConfigurationFile: Sendable {
    /// The file; it is made at the first `set`.
    public let path: FilePath
    /// The permissions of a new file; one that is there keeps its own.
    var permission = SharedPermission(nil)

    /// Names the file.
    public init(_ path: FilePath) {
        self.path = path
    }

    private func open() throws(GitError) -> Handle {
        try LibGit2.start()
        let handle = try Handle.open(
            "open", "Git configuration \(path.string)", free: git_config_free,
            { pointer in path.withPlatformString { git_config_open_ondisk(&pointer, $0) } })
        guard let handle else {
            throw GitError(.notFound, "open", "Git configuration \(path.string)", LibGit2.lastMessage)
        }
        return handle
    }

    /// Sets a variable to one value; several values of it are replaced by this one.
    public func set(_ name: String, to value: String) throws(GitError) {
        let handle = try open()
        func set() throws(GitError) {
            let result = permission.replacing(path) { git_config_set_string(handle.pointer, name, value) }
            try LibGit2.check("set", "\(name) in \(path.string)", result)
        }
        do {
            try set()
        } catch {
            // The library does not replace several values by one.
            let result = permission.replacing(path) { git_config_delete_multivar(handle.pointer, name, ".*") }
            guard result == 0 else { throw error }
            try set()
        }
    }

    /// Removes a variable with all its values; whether it was there.
    @discardableResult
    public func unset(_ name: String) throws(GitError) -> Bool {
        guard Files.exists(path) else { return false }
        let handle = try open()
        let result = permission.replacing(path) { git_config_delete_multivar(handle.pointer, name, ".*") }
        return try LibGit2.find("remove", "\(name) from \(path.string)", result)
    }
}

extension Repository {
    /// The repository's own configuration file, shared by its worktrees.
    public var configurationFile: GitConfigurationFile {
        var file = GitConfigurationFile(commonDirectory.appending("config"))
        file.permission = sharedPermission
        return file
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
