import Git
import Hashing
import JSON
import Records
import SystemCalls
import SystemPackage

/// What a build that reads `.git` depends on: the newest commit that counts, and the files of the work tree (rule 28).
///
/// The cache folder and the root `.gitattributes` do not count, or else every stored image would be a new input.
struct RepositoryState: Hashable, Sendable {
    /// The commit; nil before the first.
    let commit: String?
    /// The digest of the work tree's files.
    let files: String

    /// Looks at the history and at every file of the work tree.
    init(_ request: ImageRequest, _ repository: Repository, _ caches: OpenCaches) throws(InputsError) {
        guard let workTree = repository.workTree else {
            throw InputsError(.recipe, "cannot use the state of a repository without a work tree as an input")
        }
        let cache = request.cacheFolder.flatMap { repository.relativePath(of: $0) }
        let hidden = [RelativePath(".gitattributes")] + (cache.map { [$0] } ?? [])
        do {
            commit = try Self.commit(repository, hidden)?.hexadecimal
        } catch { throw GitScope.failure(error) }
        var rules = ScopeRules()
        rules.excluded = hidden
        let scope = try GitScope(repository, prefix: RelativePath(bytes: []))
        let name = ShownPath.naming(workTree, in: request.root)
        let descriptor: FileDescriptor
        do { descriptor = try Files.openFolder(workTree) } catch { throw InputsError(error) }
        defer { try? descriptor.close() }
        let prefix = Array((ShownPath.of(workTree, in: request.root) + "/").utf8)
        let collector = FileCollector(root: descriptor.rawValue, cachePrefix: prefix, caches: caches, name: name)
        let scopes = NestedScopes(scope, folder: workTree, base: descriptor.rawValue, name: name)
        let walker = ContextWalker(descriptor.rawValue, rules: rules, collector: collector, scopes: scopes)
        let table = try walker.collectAll()
        let tree = TreeHasher.digest(table, Array(table.indices), FileTable(), [], withoutMode: false)
        files = tree.digest.hexadecimal
    }

    /// The newest commit that touches more than what does not count; a merge that agrees with a parent is passed.
    private static func commit(_ repository: Repository, _ hidden: [RelativePath]) throws -> ObjectID? {
        guard var id = try repository.head() else { return nil }
        while let commit = try repository.commit(id) {
            let same = try commit.parents.first { parent in
                guard try repository.commit(parent) != nil else { return false }
                return try agree(id, parent, repository, hidden)
            }
            guard let same else { break }
            id = same
        }
        return id
    }

    /// Whether two commits differ only in what does not count.
    private static func agree(
        _ first: ObjectID, _ second: ObjectID, _ repository: Repository, _ hidden: [RelativePath]
    ) throws -> Bool {
        var agrees = true
        for (one, other) in [(first, second), (second, first)] {
            try repository.files(of: one, notIn: [other]) { file in
                if !hidden.contains(where: file.path.isInside) { agrees = false }
            }
            if !agrees { return false }
        }
        let index = try repository.index()
        for entry in index.entries where entry.isSubmodule {
            if try repository.entry(at: entry.path, in: first) != repository.entry(at: entry.path, in: second) {
                return false
            }
        }
        return true
    }

    var canonical: CanonicalValue {
        .list([commit.map { CanonicalValue.text($0) } ?? CanonicalValue.none, .text(files)])
    }

    var json: JSONValue {
        ["commit": commit.map { .string($0) } ?? .null, "files": .string(files)]
    }
}
