import SystemCalls
import SystemPackage

/// What a repository's own configuration says of its form; includes and other levels do not count, as with Git.
struct RepositoryFormat {
    /// `core.bare`.
    private(set) var isBare: Bool?
    /// `core.worktree`, as it is written.
    private(set) var workTree: String?
    /// Why objects or references cannot be read; nil where they can.
    private(set) var unsupported: String?

    /// The extensions that Git knows and that change nothing for this program.
    private static let harmless: Set<String> = [
        "noop", "noop-v1", "preciousobjects", "partialclone", "worktreeconfig", "relativeworktrees",
    ]

    /// Reads `config` of the common folder and, where it is used, `config.worktree` of the worktree's own.
    ///
    /// - Parameters:
    ///   - gitDirectory: The worktree's own folder.
    ///   - commonDirectory: The shared folder.
    ///   - isShared: Whether a `commondir` or GIT_COMMON_DIR names the shared folder: `core.bare` and `core.worktree`
    ///     are then not this worktree's.
    ///   - files: What was read so far.
    init(gitDirectory: FilePath, commonDirectory: FilePath, isShared: Bool, files: KnownFiles) throws {
        let file = commonDirectory.appending("config")
        guard let bytes = try files.bytes(of: file) else { return }
        let shared = try GitConfiguration(parsing: bytes, file: file.string)
        if !isShared { try take(shared) }
        if try shared.bool("extensions.worktreeconfig") == true {
            let own = gitDirectory.appending("config.worktree")
            if let bytes = try files.bytes(of: own) {
                try take(GitConfiguration(parsing: bytes, file: own.string))
            }
        }
        unsupported = try Self.unsupported(shared)
    }

    private mutating func take(_ configuration: GitConfiguration) throws {
        if let value = try configuration.bool("core.bare") { isBare = value }
        if let value = configuration.string("core.worktree"), !value.isEmpty { workTree = value }
    }

    private static func unsupported(_ configuration: GitConfiguration) throws -> String? {
        let version = try configuration.int("core.repositoryformatversion") ?? 0
        if version > 1 { return "its format has version \(version); only 0 and 1 are known" }
        if let format = configuration.string("extensions.objectformat"), format.lowercased() != "sha1" {
            return "its objects are named by \(format); only SHA-1 repositories can be read"
        }
        if let storage = configuration.string("extensions.refstorage"), storage.lowercased() != "files" {
            return "its references are kept as \(storage); only plain files can be read"
        }
        guard version == 1 else { return nil }
        for entry in configuration.entries where entry.name.hasPrefix("extensions.") {
            let name = String(entry.name.dropFirst("extensions.".count))
            if name == "objectformat" || name == "refstorage" || harmless.contains(name) { continue }
            return "it uses the extension \(name), which is not known"
        }
        return nil
    }
}
