import SystemCalls
import SystemPackage

/// What a command has read of a repository and taken apart, so that it does each once.
///
/// The index is taken from here only while its file is the very one that was read, whoever may write it. The rules of
/// ignored files are kept until `forgetRules`: after this program wrote such a file, and once a lock is had, since
/// another process may have written while it was waited for.
struct RepositoryView {
    /// The index, with the status of its file.
    var index: Index?
    /// The rules of ignored files.
    var ignoreRules: IgnoreRules?
}

extension Repository {
    /// Forgets what was read of the rules of ignored files.
    public func forgetRules() {
        view.ignoreRules = nil
    }
}
