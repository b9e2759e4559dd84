import Git
import Programs
import Records
import SystemCalls

/// A tracked path that the work tree lacks although nobody removed it, or that a merge left unresolved (rule 30).
///
/// A class, since a clone may lack 100,000 of them, and they are held in several places.
package final class AbsentPath {
    /// Why the path is absent.
    enum Cause {
        /// The sparse checkout leaves its folder out.
        case sparse
        /// The patterns of a sparse checkout leave it out.
        case patterns
        /// `git update-index --skip-worktree`, without a sparse checkout.
        case skipped
        /// It is, or lies in, a submodule that is not checked out.
        case submodule
        /// It is a submodule that was cloned, but of which nothing was ever checked out.
        case unmade
        /// A merge left it unresolved; its file may be there.
        case unmerged
    }

    /// The path below the folder that is looked at.
    package let path: RelativePath
    /// The path below the work tree that the hint's command brings.
    let tracked: RelativePath
    let cause: Cause
    /// What Git tracks there.
    package let entry: TreeEntry
    /// How Git is called in the work tree.
    let command: String
    /// Whether this stands for a whole folder, whose files the index does not list.
    let isFolder: Bool
    /// What the entry's record says of a file of a submodule.
    let recorded: FileRecord?
    /// Whether the entry's record lists what it took from this folder, as of the same commit.
    let isRecorded: Bool

    init(
        path: RelativePath, tracked: RelativePath, cause: Cause, entry: TreeEntry, command: String,
        isFolder: Bool = false, recorded: FileRecord? = nil, isRecorded: Bool = false
    ) {
        self.path = path
        self.tracked = tracked
        self.cause = cause
        self.entry = entry
        self.command = command
        self.isFolder = isFolder
        self.recorded = recorded
        self.isRecorded = isRecorded
    }

    /// The refusal of absent paths, the first one named; nil for none.
    package static func refusal(of paths: [AbsentPath], name: ([UInt8]) -> String) -> InputsError? {
        // A file may count under two names.
        paths.min { $0.path < $1.path }?.refusal(more: Set(paths.map(\.path)).count - 1, name: name)
    }

    /// The refusal of this path and so many more.
    func refusal(more: Int = 0, name: ([UInt8]) -> String) -> InputsError {
        InputsError(
            .recipe, "cannot use \(name(path.bytes)) as an input: \(reason)" + (more > 0 ? ", and \(more) more" : ""),
            hint: hint)
    }

    private var reason: String {
        switch cause {
        case .sparse, .patterns: "the sparse checkout leaves it out"
        case .skipped: "it is not checked out (skip-worktree)"
        case .submodule, .unmade: "the submodule is not checked out"
        case .unmerged: "a merge left it unresolved"
        }
    }

    /// The command that brings the path.
    private var hint: String {
        // A colon at the start would be magic of a pathspec.
        let path = ShellWord.shown((tracked.bytes.first == UInt8(ascii: ":") ? Array("./".utf8) : []) + tracked.bytes)
        switch cause {
        case .sparse:
            if isFolder { return "\(command) sparse-checkout add \(path)" }
            // Every cone holds the files of the root.
            guard let folder = tracked.parent, !folder.bytes.isEmpty else {
                return "\(command) sparse-checkout reapply"
            }
            return "\(command) sparse-checkout add \(ShellWord.shown(folder))"
        case .patterns:
            // A pattern that names the file itself is stronger than one of its folder. One without a slash at its start
            // would bring files of that name from everywhere.
            let patterns = [tracked.parent, tracked].compactMap { $0 }.filter { !$0.bytes.isEmpty }.map {
                ShellWord.shown(Array("/".utf8) + LiteralPattern.of($0.bytes, keepsBlanks: true))
            }
            return "\(command) sparse-checkout add \(patterns.joined(separator: " "))"
        case .skipped:
            return "\(command) update-index --no-skip-worktree -- \(path) && \(command) checkout -- \(path)"
        case .submodule: return "\(command) submodule update --init -- \(path)"
        case .unmade: return "\(command) submodule update --init --force -- \(path)"
        case .unmerged: return "resolve it, then \(command) add -- \(path)"
        }
    }
}

extension AbsentPath {
    /// Names what an entry of the index tracks.
    convenience init(_ entry: IndexEntry, _ cause: Cause, in scope: GitScope) {
        self.init(
            path: scope.folderPath(entry.path), tracked: entry.path, cause: cause,
            entry: TreeEntry(id: entry.id, mode: entry.mode), command: scope.command,
            isFolder: entry.isSubmodule || entry.isSparseDirectory)
    }
}
