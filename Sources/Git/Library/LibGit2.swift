import CGit2
import Glibc
import SystemCalls

/// The library's process-wide set-up and the check of its results.
enum LibGit2 {
    /// Started once per process; ownership is checked by `RepositoryOwnership`, as Git does it.
    private static let isReady: Bool = {
        guard git_libgit2_init() > 0 else { return false }
        cgit2_set_owner_validation(0)
        ignoreForbiddenFiles()
        let names = ["worktreeconfig", "partialclone", "preciousobjects", "relativeworktrees"]
        var pointers: [UnsafePointer<CChar>?] = names.map { UnsafePointer(strdup($0)) }
        cgit2_set_extensions(&pointers, pointers.count)
        return true
    }()

    /// Leaves out the user's configuration where this process may not even look for it, as Git does.
    ///
    /// The library would open no repository (HOME of another user, as after `setpriv` or in a service).
    private static func ignoreForbiddenFiles() {
        func isForbidden(_ folder: String?, _ name: String) -> Bool {
            guard let folder, !folder.isEmpty, access(folder + name, F_OK) != 0 else { return false }
            return errno == EACCES || errno == EPERM
        }
        let environment = ProcessEnvironment.current
        let home = environment["HOME"]
        if isForbidden(home, "/.gitconfig") { cgit2_ignore_level(Int32(GIT_CONFIG_LEVEL_GLOBAL.rawValue)) }
        let isXDGForbidden =
            environment["XDG_CONFIG_HOME"].map { isForbidden($0, "/git/config") }
            ?? isForbidden(home, "/.config/git/config")
        if isXDGForbidden { cgit2_ignore_level(Int32(GIT_CONFIG_LEVEL_XDG.rawValue)) }
    }

    /// Starts the library at first use.
    static func start() throws(GitError) {
        do {
            try SharedLibrary.git2.load()
        } catch {
            throw GitError(error)
        }
        guard isReady else { throw GitError(.failed, "start", "libgit2", lastMessage) }
    }

    /// The text of the call that failed just now on this thread.
    static var lastMessage: String {
        guard let error = git_error_last(), let message = error.pointee.message else { return "unknown error" }
        return String(cString: message)
    }

    /// Throws the library's own text for a negative result.
    @discardableResult
    static func check(
        _ operation: String, _ object: @autoclosure () -> String, _ result: Int32
    ) throws(GitError) -> Int32 {
        if result >= 0 { return result }
        throw error(operation, object(), result)
    }

    /// Like `check`, but false where the thing asked for does not exist.
    static func find(
        _ operation: String, _ object: @autoclosure () -> String, _ result: Int32
    ) throws(GitError) -> Bool {
        if result == GIT_ENOTFOUND.rawValue || result == GIT_EUNBORNBRANCH.rawValue { return false }
        try check(operation, object(), result)
        return true
    }

    private static func error(_ operation: String, _ object: String, _ result: Int32) -> GitError {
        let message = lastMessage
        let kind: GitError.Kind
        switch result {
        case GIT_ENOTFOUND.rawValue: kind = .notFound
        case GIT_ELOCKED.rawValue:
            // The library names the file in quotes, and no reason.
            let quoted = message.split(separator: "'", maxSplits: 2, omittingEmptySubsequences: false)
            let path = quoted.count == 3 && quoted[1].hasSuffix(".lock") ? String(quoted[1]) : nil
            return GitError(
                .locked, operation, object, path.map { "\($0): File exists" } ?? message,
                hint: path.map { "remove \($0) where no git runs" })
        default:
            let unsupported = message.contains("unsupported extension name") || message.contains("repositoryformat")
            kind = unsupported ? .unsupported : .failed
        }
        return GitError(kind, operation, object, message)
    }
}

/// Owns one libgit2 object and frees it.
final class Handle {
    let pointer: OpaquePointer
    private let free: (OpaquePointer?) -> Void

    /// Takes an object over.
    init(_ pointer: OpaquePointer, free: @escaping (OpaquePointer?) -> Void) {
        self.pointer = pointer
        self.free = free
    }

    deinit {
        free(pointer)
    }

    /// Runs a call that fills in a pointer; nil where the thing does not exist.
    static func open(
        _ operation: String, _ object: String, free: @escaping (OpaquePointer?) -> Void,
        _ call: (inout OpaquePointer?) -> Int32
    ) throws(GitError) -> Handle? {
        var pointer: OpaquePointer?
        let result = call(&pointer)
        guard try LibGit2.find(operation, object, result), let pointer else { return nil }
        return Handle(pointer, free: free)
    }
}
