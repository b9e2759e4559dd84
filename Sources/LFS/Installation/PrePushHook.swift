import Git
import Glibc
import Programs
import SystemCalls
import SystemPackage

/// The `pre-push` hook, which uploads the objects before Git pushes the commits that need them.
public struct PrePushHook {
    /// What an installation did.
    public enum Outcome: Hashable, Sendable {
        /// There was no hook.
        case installed
        /// The hook was this program's, or git-lfs's with git-lfs at hand.
        case upToDate
        /// The hook was git-lfs's, and git-lfs is gone; or an older one of this program.
        case repaired
        /// The hook is somebody else's; the lines are to be added to it by hand.
        case foreign(FilePath, lines: [String])
        /// `core.hooksPath` names no folder, such as `/dev/null`: hooks are switched off.
        case switchedOff(FilePath)
    }

    private let repository: Repository
    private let program: String

    /// Names the repository and the words that start this program, quoted for the shell.
    public init(_ repository: Repository, program: String) {
        self.repository = repository
        self.program = program
    }

    /// The folder of the hooks: `core.hooksPath`, relative to the work tree, or `hooks` in the common folder.
    public func folder() throws -> FilePath {
        guard let configured = try repository.configuration().path("core.hooksPath") else {
            return repository.commonDirectory.appending("hooks")
        }
        return configured.isAbsolute
            ? configured : (repository.workTree ?? repository.gitDirectory).pushing(configured).lexicallyNormalized()
    }

    private static let mark = "# Written by cache-image lfs install."

    /// The hook's text.
    public var text: String {
        """
        #!/bin/sh
        \(Self.mark)
        if command -v \(program) >/dev/null 2>&1; then exec \(program) lfs pre-push "$@"; fi
        if command -v git-lfs >/dev/null 2>&1; then exec git-lfs pre-push "$@"; fi
        echo >&2 "Files of this repository are kept in Git LFS, but neither cache-image nor git-lfs was found to upload them."
        echo >&2 "Install one of them, or remove the hook '$0' to push without these files."
        exit 2

        """
    }

    /// The lines that do the same inside another hook, which must hand its standard input on.
    public var lines: [String] { ["\(program) lfs pre-push \"$@\" || exit 2"] }

    /// What an installation would do.
    public func state() throws -> Outcome {
        let folder = try folder()
        if try isSwitchedOff(folder) { return .switchedOff(folder) }
        let path = folder.appending("pre-push")
        guard let present = try Self.text(at: path) else { return .installed }
        if present == text { return .upToDate }
        if present.contains(Self.mark) { return .repaired }
        guard Self.isGitLFS(present) else {
            return present.contains("lfs pre-push") ? .upToDate : .foreign(path, lines: lines)
        }
        return ProgramSearch.find("git-lfs", environment: repository.environment) != nil ? .upToDate : .repaired
    }

    /// Installs the hook; one of somebody else is only replaced with `force`.
    public func install(force: Bool = false) throws -> Outcome {
        let folder = try folder()
        let isForced = try force && !isSwitchedOff(folder)
        let outcome = isForced ? .installed : try state()
        if outcome == .installed || outcome == .repaired { try write(folder.appending("pre-push")) }
        return outcome
    }

    /// Whether the folder of the hooks is none.
    private func isSwitchedOff(_ folder: FilePath) throws -> Bool {
        guard let status = try FileStatus.of(folder, followLinks: true) else { return false }
        return status.kind != .directory
    }

    /// Removes the other hooks of git-lfs where git-lfs is gone: they would make every checkout and commit fail.
    ///
    /// Their names are given back. They only set lockable files read-only.
    public func removeOrphans() throws -> [String] {
        if ProgramSearch.find("git-lfs", environment: repository.environment) != nil { return [] }
        var removed: [String] = []
        for name in ["post-checkout", "post-commit", "post-merge"] {
            let path = try folder().appending(name)
            guard let present = try Self.text(at: path), Self.isGitLFS(present, hook: name) else { continue }
            try Files.remove(path)
            removed.append(name)
        }
        return removed
    }

    /// Whether the hook is this program's.
    public func isOwn() throws -> Bool {
        try Self.text(at: folder().appending("pre-push"))?.contains(Self.mark) ?? false
    }

    /// Removes the hook where it is this program's; whether it was.
    @discardableResult
    public func uninstall() throws -> Bool {
        let path = try folder().appending("pre-push")
        guard let present = try Self.text(at: path), present.contains(Self.mark) else { return false }
        return try Files.remove(path)
    }

    private func write(_ path: FilePath) throws {
        try repository.sharedPermission.creating {
            try Files.createDirectories(path.removingLastComponent())
            try Files.replace(path, with: Array(text.utf8), permissions: 0o777)
        }
    }

    /// The text of a hook; nil where there is none.
    ///
    /// A pipe, folder or device in its place is somebody else's hook: the text says what it is.
    package static func text(at path: FilePath) throws -> String? {
        guard let kind = try FileStatus.of(path, followLinks: true)?.kind else { return nil }
        if kind != .file { return "(\(kind.complaint))" }
        return try Files.read(path, limit: 1 << 20).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Whether a hook is this program's, or one of git-lfs's.
    package static func isKnown(_ text: String, hook: String) -> Bool {
        text.contains(mark) || isGitLFS(text, hook: hook)
    }

    /// Whether a hook is one of the texts that git-lfs has written over the years, and nothing else.
    package static func isGitLFS(_ text: String, hook: String = "pre-push") -> Bool {
        let commands = text.split(whereSeparator: \.isNewline).map(String.init).filter { line in
            !line.hasPrefix("#") && !line.hasPrefix("command -v git-lfs ") && !line.allSatisfy(\.isWhitespace)
        }
        let known = [
            "git lfs \(hook) \"$@\"", "git lfs pre-push \"$1\" \"$2\"", "git lfs push --stdin $*",
            "git lfs push --stdin \"$@\"",
        ]
        return commands.count == 1 && known.contains(commands[0])
    }
}
