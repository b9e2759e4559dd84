import SystemCalls
import SystemPackage

/// What commands did about images on this machine, one line after the other (docs/journal.md).
///
/// All worktrees of a repository share it. It is for reports only: where it cannot be written, nothing happens.
public struct Journal: Sendable {
    private let state: StatePlaces
    private let isKept: Bool

    /// The journal among the state of a project; `isKept` says whether anything is written to it.
    init(_ state: StatePlaces, isKept: Bool) {
        self.state = state
        self.isKept = isKept
    }

    /// The file.
    public var path: FilePath { state.shared.appending("journal") }

    /// The lines that stood there before it had grown.
    var earlierPath: FilePath { state.shared.appending("journal.1") }

    /// Adds a line.
    public func append(_ entry: JournalEntry) {
        if !isKept { return }
        let line = entry.line
        do { try write(line) } catch { try? makeFolderAndWrite(line, after: error) }
    }

    private func write(_ line: [UInt8]) throws {
        // Outside of Git's folders the place may be another user's.
        if !state.isInGitFolder, !state.isTrusted { throw SystemError("open", path.string, .noSuchFileOrDirectory) }
        try state.permission.creating {
            try AppendOnlyFile.append(line, to: path, limit: InputLimit.journal, aside: earlierPath)
        }
    }

    private func makeFolderAndWrite(_ line: [UInt8], after error: any Error) throws {
        guard let error = error as? SystemError, error.errno == .noSuchFileOrDirectory else { return }
        if state.isInGitFolder {
            try state.permission.createDirectories(state.shared)
        } else {
            try UserState.prepare(state.shared)
        }
        try write(line)
    }
}
