import SystemCalls
import SystemPackage

/// Collects the levels of the configuration: files with their includes, then the environment's entries.
struct GitConfigurationLoader {
    let environment: [String: String]
    /// The repository's own Git folder, for `includeIf "gitdir:"`; nil before one is known.
    var gitDirectory: FilePath?
    private(set) var entries: [GitConfiguration.Entry] = []
    /// What was read a moment ago.
    private let known: KnownFiles

    private static let maximumDepth = 10

    init(environment: [String: String], gitDirectory: FilePath? = nil, known: KnownFiles = KnownFiles()) {
        self.environment = environment
        self.gitDirectory = gitDirectory
        self.known = known
    }

    /// Adds an entry that no file holds.
    mutating func append(_ entry: GitConfiguration.Entry) {
        entries.append(entry)
    }

    private var home: String? { environment["HOME"] }

    /// The configuration of a repository, or that of the user where `commonDirectory` is nil.
    ///
    /// Files that are `known` are not read again.
    static func load(
        environment: [String: String], gitDirectory: FilePath?, commonDirectory: FilePath?,
        known: KnownFiles = KnownFiles()
    ) throws -> GitConfiguration {
        var loader = GitConfigurationLoader(environment: environment, gitDirectory: gitDirectory, known: known)
        try loader.readProtectedFiles()
        if let commonDirectory {
            let local = commonDirectory.appending("config")
            try loader.read(local, scope: .local)
            if let gitDirectory, try loader.usesWorktreeConfiguration(local) {
                try loader.read(gitDirectory.appending("config.worktree"), scope: .worktree)
            }
        }
        try loader.readEnvironment()
        return GitConfiguration(entries: loader.entries, home: loader.home)
    }

    /// The levels that a repository cannot change: system, user, environment.
    static func loadProtected(environment: [String: String]) throws -> GitConfiguration {
        var loader = GitConfigurationLoader(environment: environment)
        try loader.readProtectedFiles()
        try loader.readEnvironment()
        return GitConfiguration(entries: loader.entries, home: loader.home)
    }

    private mutating func readProtectedFiles() throws {
        if !(environment["GIT_CONFIG_NOSYSTEM"].flatMap(GitConfiguration.truth) ?? false) {
            try read(FilePath(keeping: environment["GIT_CONFIG_SYSTEM"] ?? "/etc/gitconfig"), scope: .system)
        }
        if let global = environment["GIT_CONFIG_GLOBAL"] {
            if !global.isEmpty { try read(FilePath(keeping: global), scope: .global) }
            return
        }
        if let folder = environment["XDG_CONFIG_HOME"].flatMap({ $0.isEmpty ? nil : $0 }) {
            try read(FilePath(keeping: folder).appending("git").appending("config"), scope: .global)
        } else if let home {
            try read(FilePath(keeping: home + "/.config/git/config"), scope: .global)
        }
        if let home { try read(FilePath(keeping: home + "/.gitconfig"), scope: .global) }
    }

    private func usesWorktreeConfiguration(_ local: FilePath) throws -> Bool {
        guard let bytes = try known.bytes(of: local) else { return false }
        let variables = try GitConfigurationParser.parse(bytes, file: local.string)
        guard let last = variables.last(where: { $0.name == "extensions.worktreeconfig" }) else { return false }
        return last.value.map { GitConfiguration.truth($0) ?? false } ?? true
    }

    /// Reads a file and what it includes; a file that is missing or may not be read counts as empty, as with Git.
    private mutating func read(_ path: FilePath, scope: GitConfiguration.Scope, depth: Int = 0) throws {
        let bytes: [UInt8]?
        do {
            bytes = try known.bytes(of: path)
        } catch {
            if scope < .local, error.errno == .permissionDenied || error.errno == .isDirectory { return }
            throw error
        }
        guard let bytes else { return }
        guard depth <= Self.maximumDepth else {
            throw GitError(
                .invalid, "read", "Git configuration", "exceeded maximum include depth while including \(path.string)")
        }
        for variable in try GitConfigurationParser.parse(bytes, file: path.string) {
            entries.append(.init(name: variable.name, value: variable.value, scope: scope, origin: path))
            guard let target = try included(variable, from: path) else { continue }
            try read(target, scope: scope, depth: depth + 1)
        }
    }

    /// The file that an `include.path` or a fulfilled `includeIf.….path` names.
    private func included(_ variable: (name: String, value: String?, line: Int), from file: FilePath) throws
        -> FilePath?
    {
        guard let value = variable.value, !value.isEmpty, variable.name.hasSuffix(".path") else { return nil }
        if variable.name.hasPrefix("includeif.") {
            let condition = variable.name.dropFirst("includeif.".count).dropLast(".path".count)
            guard try isFulfilled(String(condition), in: file) else { return nil }
        } else if variable.name != "include.path" {
            return nil
        }
        let target = GitConfiguration.expand(value, home: home)
        return target.hasPrefix("/")
            ? FilePath(keeping: target)
            : FilePath(bytes: file.removingLastComponent().bytes + [UInt8(ascii: "/")] + target.keptBytes)
    }

    private func isFulfilled(_ condition: String, in file: FilePath) throws -> Bool {
        guard let colon = condition.firstIndex(of: ":") else { return false }
        let pattern = String(condition[condition.index(after: colon)...])
        switch condition[..<colon] {
        case "gitdir": return matchesGitDirectory(pattern, in: file, caseFold: false)
        case "gitdir/i": return matchesGitDirectory(pattern, in: file, caseFold: true)
        case "onbranch":
            guard let gitDirectory, let branch = try Head.read(in: gitDirectory, known)?.branch else { return false }
            let whole = pattern.hasSuffix("/") ? pattern + "**" : pattern
            return Wildmatch.matches(Array(whole.utf8)[...], Array(branch.utf8)[...], pathname: true)
        case "hasconfig":
            guard pattern.hasPrefix("remote.*.url:") else { return false }
            let glob = Array(pattern.dropFirst("remote.*.url:".count).utf8)
            return try configuredRemotes().contains {
                Wildmatch.matches(glob[...], Array($0.utf8)[...], pathname: true)
            }
        default: return false
        }
    }

    private func matchesGitDirectory(_ pattern: String, in file: FilePath, caseFold: Bool) -> Bool {
        guard let gitDirectory else { return false }
        var pattern = GitConfiguration.expand(pattern, home: home)
        if pattern.hasPrefix("./") {
            pattern = file.removingLastComponent().string + pattern.dropFirst()
        } else if !pattern.hasPrefix("/") {
            pattern = "**/" + pattern
        }
        if pattern.hasSuffix("/") { pattern += "**" }
        let real = (try? Files.realPath(gitDirectory)) ?? gitDirectory
        return [real, gitDirectory].contains {
            Wildmatch.matches(Array(pattern.utf8)[...], $0.bytes[...], pathname: true, caseFold: caseFold)
        }
    }

    /// The remote URLs of all entries read so far and of the local file, whatever stands before or after.
    private func configuredRemotes() throws -> [String] {
        var urls = entries.filter { $0.name.hasPrefix("remote.") && $0.name.hasSuffix(".url") }.compactMap(\.value)
        if let gitDirectory, let bytes = try known.bytes(of: gitDirectory.appending("config")) {
            urls += try GitConfigurationParser.parse(bytes, file: "config")
                .filter { $0.name.hasPrefix("remote.") && $0.name.hasSuffix(".url") }.compactMap(\.value)
        }
        return urls
    }
}
