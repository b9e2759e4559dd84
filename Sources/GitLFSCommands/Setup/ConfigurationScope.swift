import Git
import SystemPackage

/// A file of Git's configuration, as `git config` and git-lfs name it.
enum ConfigurationScope: Hashable, Sendable {
    case local
    case worktree
    case global
    case system
    /// A file of any name.
    case file(String)

    /// The words for `git config`.
    var words: [String] {
        switch self {
        case .local: ["--local"]
        case .worktree: ["--worktree"]
        case .global: ["--global"]
        case .system: ["--system"]
        case .file(let path): ["--file", path]
        }
    }

    /// Whether the file belongs to a repository.
    var needsRepository: Bool { self == .local || self == .worktree }

    /// The word for messages.
    var title: String {
        switch self {
        case .local, .worktree: "Local"
        case .global: "Global"
        case .system: "System"
        case .file: "File"
        }
    }

    /// Runs `git config` on the file; the output's first line, nil where git failed.
    nonisolated(nonsending) func run(_ arguments: [String], _ git: GitProgram) async throws -> String? {
        guard let result = try await git.run(["config"] + words + arguments) else {
            throw GitError(.failed, "run", "git", "the program is not installed")
        }
        guard result.status == 0 else { return nil }
        return String(String(decoding: result.output, as: UTF8.self).prefix { !$0.isNewline })
    }
}
