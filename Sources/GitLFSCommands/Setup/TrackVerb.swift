import Git
import LFS
import SystemCalls
import SystemPackage

/// `lfs track` and `lfs untrack`: the lines of `.gitattributes` that put files under LFS.
struct TrackVerb {
    /// Takes the arguments as file names instead of patterns.
    var takesNames = false
    /// Marks the files as lockable, or takes the mark away; nil leaves it as it is.
    var isLockable: Bool?
    /// Says what would be done, and does nothing.
    var isDryRun = false
    /// Says more.
    var isVerbose = false
    /// Leaves `.gitattributes` alone, and only makes the files look modified (`--no-modify-attrs`).
    var leavesAttributes = false

    let repository: Repository
    let folder: FilePath
    let console: VerbConsole

    /// Works in a folder of a repository.
    ///
    /// - Parameters:
    ///   - repository: The repository.
    ///   - folder: The folder whose `.gitattributes` is changed.
    ///   - console: Where lines go.
    init(_ repository: Repository, in folder: FilePath, _ console: VerbConsole) {
        self.repository = repository
        self.folder = folder
        self.console = console
    }

    /// Adds a line for each pattern that has none; the exit status.
    nonisolated(nonsending) func track(_ arguments: [String]) async throws -> Int32 {
        guard let prefix = workTreeFolder else {
            console.print(Repository.needsWorkTree)
            return 128
        }
        var file = try attributesFile()
        let known = try await TrackedPattern.all(of: repository)
        var status: Int32 = 0
        var added: [String] = []
        for argument in arguments {
            let plain = argument.hasPrefix("./") ? String(argument.dropFirst(2)) : argument
            let pattern =
                takesNames
                ? AttributePattern.literal(plain) : AttributePattern.escaped(plain.replacing("\\", with: "/"))
            let given = AttributePattern.unescaped(pattern)
            let path = Self.joined(prefix, AttributePattern.unescaped(pattern))
            let present = known.last { Self.joined("" as RelativePath, AttributePattern.unescaped($0.pattern)) == path }
            if !leavesAttributes, let present, present.isTracked,
                isLockable == nil || isLockable == present.isLockable
            {
                console.print("\((takesNames ? given : argument).quotedAsGo) already supported")
                continue
            }
            console.print("Tracking \(given.quotedAsGo)")
            if path == nil {
                console.complain("Error getting tracked files for \(argument.quotedAsGo): it is outside the work tree")
                status = 2
                break
            }
            let files = try matching(pattern, prefix)
            if let forbidden = files.first(where: Self.isForbidden) {
                console.print(
                    "Pattern '\(plain)' matches forbidden file '\(forbidden)'. "
                        + "If you would like to track \(forbidden), modify '.gitattributes' manually.")
                continue
            }
            let lockable = isLockable ?? present?.isLockable ?? false
            let line = pattern + " filter=lfs diff=lfs merge=lfs -text" + (lockable ? " lockable" : "")
            file.replace(where: { TrackedPattern(line: $0)?.pattern == pattern }, with: line)
            added.append(pattern)
        }
        if !isDryRun && !leavesAttributes { try file.write() }
        for pattern in added { try touch(pattern, prefix) }
        if let isLockable, !isDryRun { try await setWritable(!isLockable, added) }
        return status
    }

    /// Removes the lines of patterns, but for those that stand for no LFS rule; the exit status.
    func untrack(_ arguments: [String]) throws -> Int32 {
        if arguments.isEmpty {
            console.print("git lfs untrack <path> [path]*")
            return 0
        }
        if workTreeFolder == nil {
            console.print(Repository.needsWorkTree)
            return 128
        }
        var file = try attributesFile()
        let patterns = Set(
            arguments.map { AttributePattern.escaped($0.hasPrefix("./") ? String($0.dropFirst(2)) : $0) })
        var removed: [String] = []
        file.remove { line in
            guard let item = TrackedPattern(line: line), item.isTracked else { return false }
            // Old versions of git-lfs kept the `./` of an argument.
            let plain = item.pattern.hasPrefix("./") ? String(item.pattern.dropFirst(2)) : item.pattern
            guard patterns.contains(plain) else { return false }
            removed.append(item.pattern)
            return true
        }
        for pattern in removed { console.print("Untracking \(AttributePattern.unescaped(pattern).quotedAsGo)") }
        if !isDryRun { try file.write() }
        return 0
    }

    /// The folder relative to the work tree; nil where it does not lie in it.
    private var workTreeFolder: RelativePath? {
        guard repository.workTree != nil, !folder.starts(with: repository.gitDirectory) else { return nil }
        return repository.relativePath(of: folder)
    }

    private func attributesFile() throws -> AttributesFile {
        let setting = try repository.configuration().string("core.autocrlf")?.lowercased() ?? ""
        return try AttributesFile(
            of: repository, in: folder, lineEnd: ["true", "yes", "on", "1"].contains(setting) ? "\r\n" : "\n")
    }

    /// A pattern relative to the work tree; nil for one that leads out of it.
    static func joined(_ prefix: RelativePath, _ pattern: String) -> String? {
        joined(String(keeping: prefix.bytes), pattern)
    }

    /// The same below a folder that is written as a pattern.
    static func joined(_ prefix: String, _ pattern: String) -> String? {
        let text = prefix.isEmpty || pattern.hasPrefix("/") ? pattern : "\(prefix)/\(pattern)"
        var parts: [Substring] = []
        for part in text.split(separator: "/") where part != "." {
            if part != ".." {
                parts.append(part)
            } else if parts.popLast() == nil {
                return nil
            }
        }
        return parts.joined(separator: "/")
    }
}

extension RelativePath {
    /// The path as a pattern that matches nothing else.
    var asPattern: String { String(keeping: LiteralPattern.of(bytes, keepsBlanks: true)) }
}
