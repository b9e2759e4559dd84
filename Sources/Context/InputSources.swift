import Git
import Hashing
import JSON
import Records
import SystemCalls
import SystemPackage

/// What is known of the context before a file in it is looked at: the rules of its scope and its repository.
package struct InputSources {
    /// What counts at all.
    package let rules: ScopeRules
    /// The repository's view of the context; nil where the context lies in none.
    package let scope: GitScope?
    private let repository: Repository?

    /// Looks at the request, and at the repository around its context.
    package init(_ request: ImageRequest, repository: Repository?, ignore: IgnoreChoice) throws(InputsError) {
        let given = request.context.lexicallyNormalized()
        let folder: FilePath
        // Git tracks the files where a link in the path leads to.
        do { folder = try Files.resolved(given, below: request.root) ?? given } catch { throw InputsError(error) }
        var rules = ScopeRules()
        rules.ignored = ignore.matcher
        if let cache = request.cacheFolder?.lexicallyNormalized().relative(to: folder) { rules.excluded = [cache] }
        rules.leavesOutGitIgnored = request.contextFiles == .clone
        rules.notIncluded = try ScopeRules.allBut(request.includeIgnored)
        rules.includePrefix = given.relative(to: request.configurationFolder.lexicallyNormalized())
        self.rules = rules
        self.repository = repository
        var scope: GitScope?
        if let repository, let prefix = repository.relativePath(of: folder) {
            let outer = try GitScope(repository, prefix: prefix)
            for path in ignore.missing {
                guard let tracked = repository.relativePath(of: path) else { continue }
                if let refusal = outer.refusal(ofMissing: tracked, shown: ShownPath.of(path, in: request.root)) {
                    throw refusal
                }
            }
            // What is there with conflict markers is nobody's version.
            for path in [ignore.path, request.dockerfile].compactMap({ $0 }) {
                guard let tracked = repository.relativePath(of: path) else { continue }
                if let refusal = outer.refusal(ofUnmerged: tracked, shown: ShownPath.of(path, in: request.root)) {
                    throw refusal
                }
            }
            scope = try Self.innerRepository(of: folder, prefix, outer, root: request.root) ?? outer
        }
        self.scope = scope
    }

    /// The submodule that the context folder is or lies in.
    private static func innerRepository(
        of folder: FilePath, _ prefix: RelativePath, _ scope: GitScope, root: FilePath
    ) throws(InputsError) -> GitScope? {
        var above: RelativePath? = prefix
        while let path = above, !path.bytes.isEmpty {
            if let entry = scope.index.entry(at: path), entry.isSubmodule {
                if let refusal = scope.refusal(ofMissing: path, shown: ShownPath.of(folder, in: root)) { throw refusal }
                do {
                    guard
                        let inner = try Repository.at(
                            scope.repository.workTree?.appending(path) ?? folder,
                            environment: scope.repository.environment),
                        let place = inner.relativePath(of: folder)
                    else { return nil }
                    let shown = inner.workTree.map { ShownPath.of($0, in: root) }
                    return try GitScope(inner, prefix: place, shown: shown ?? ".")
                } catch { throw GitScope.failure(error) }
            }
            above = path.parent
        }
        return nil
    }

    /// The member `git` of the document: the commit, and which files it does not hold.
    package func repositoryState(_ files: FileTable) -> JSONValue {
        guard let repository else { return .null }
        let commit = try? repository.head()
        let untracked = files.entries.filter { $0.flags.contains(.untracked) }.prefix(100).map {
            RelativePath(bytes: Array(files.name($0))).percentEncoded
        }
        return [
            "commit": commit.map { .string($0.hexadecimal) } ?? .null,
            "dirty": .bool(files.entries.contains { $0.flags.contains(.untracked) || $0.flags.contains(.modified) }),
            "untracked": .strings(untracked),
        ]
    }
}
