import Git
import JSON
import SystemCalls
import SystemPackage

/// `lfs track` and `lfs untrack`: the lines of `.gitattributes` that put files under LFS.
public struct TrackVerb {
    /// Takes the arguments as file names instead of patterns.
    public var takesNames = false
    /// Marks the files as lockable, or takes the mark away; nil leaves it as it is.
    public var isLockable: Bool?
    /// Says what would be done, and does nothing.
    public var isDryRun = false
    /// Says more.
    public var isVerbose = false

    private let repository: Repository
    private let folder: FilePath
    private let print: (String) -> Void

    /// Works in a folder of a repository.
    ///
    /// - Parameters:
    ///   - repository: The repository.
    ///   - folder: The folder whose `.gitattributes` is changed.
    ///   - print: Takes lines for stdout.
    public init(_ repository: Repository, in folder: FilePath, print: @escaping (String) -> Void) {
        self.repository = repository
        self.folder = folder
        self.print = print
    }

    /// Adds a line for each pattern that has none.
    public func track(_ arguments: [String]) throws {
        var file = try AttributesFile(in: folder)
        var added: [String] = []
        for argument in arguments {
            let given = argument.hasPrefix("./") ? String(argument.dropFirst(2)) : argument
            let pattern = AttributePattern.escaped(takesNames ? AttributePattern.literal(given) : given)
            let present = file.lines.compactMap { TrackedPattern(line: $0) }.last { $0.pattern == pattern }
            if let present, present.isTracked, isLockable == nil || isLockable == present.isLockable {
                print("\(Self.quoted(argument)) already supported")
                continue
            }
            let lockable = isLockable ?? present?.isLockable ?? false
            let line = pattern + " filter=lfs diff=lfs merge=lfs -text" + (lockable ? " lockable" : "")
            file.replace(where: { TrackedPattern(line: $0)?.pattern == pattern }, with: line)
            print("Tracking \(Self.quoted(AttributePattern.unescaped(pattern)))")
            added.append(pattern)
        }
        if isDryRun { return }
        try file.write()
        for pattern in added { try touch(pattern) }
    }

    /// Removes the lines of patterns; those that stand for no LFS rule stay.
    public func untrack(_ arguments: [String]) throws {
        var file = try AttributesFile(in: folder)
        for argument in arguments {
            let given = argument.hasPrefix("./") ? String(argument.dropFirst(2)) : argument
            let pattern = AttributePattern.escaped(given)
            let isRemoved = file.remove { line in
                TrackedPattern(line: line).map { $0.isTracked && $0.pattern == pattern } ?? false
            }
            if isRemoved { print("Untracking \(Self.quoted(given))") }
        }
        if !isDryRun { try file.write() }
    }

    /// Makes files that Git holds as they are look modified, so that the next `git add` puts them under LFS.
    private func touch(_ pattern: String) throws {
        guard let workTree = repository.workTree, let prefix = repository.relativePath(of: folder) else { return }
        let text = AttributePattern.unescaped(pattern)
        let rules = IgnoreRules(patterns: [prefix.bytes.isEmpty ? text : "/\(prefix)/\(text)"])
        var found: [RelativePath] = []
        for entry in try repository.index().entries(below: prefix) where entry.isFile && entry.stage == 0 {
            guard try rules.isIgnored(entry.path, isDirectory: false) else { continue }
            // What is a pointer already need not be added again.
            if let size = try repository.blobSize(entry.id), size < Pointer.maximumLength,
                let bytes = try repository.blob(entry.id, limit: Pointer.maximumLength),
                Pointer(parsing: bytes) != nil
            {
                continue
            }
            found.append(entry.path)
        }
        if isVerbose {
            print("Searching for files matching pattern: \(text)")
            print("Found \(found.count) files previously added to Git matching pattern: \(text)")
        }
        for path in found {
            if isVerbose { print("Touching \(Self.quoted(path.description))") }
            try Files.touch(workTree.appending(path))
        }
    }

    /// A text as Go's `%q` writes it.
    static func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}
