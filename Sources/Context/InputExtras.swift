import Git
import Glibc
import Hashing
import JSON
import Patterns
import Records
import SystemCalls
import SystemPackage

/// What a configuration declares to decide the image beside the build: files, words, the repository's state (rules 28, 45).
package struct InputExtras {
    /// The files that `inputs` names; paths are relative to the configuration's folder.
    var files = FileTable()
    /// Further words.
    var salt: [String: String] = [:]
    /// What `keepGitDir` makes an input.
    var repositoryState: RepositoryState?
    /// Remarks for the user.
    package var warnings: [String] = []
    /// Files that had to be opened.
    package var readCount = 0

    /// Reads the declared files.
    package init(
        _ request: ImageRequest, repository: Repository?, rules: ScopeRules, caches: OpenCaches
    ) throws(InputsError) {
        salt = request.salt
        if request.keepGitDirectory, let repository {
            repositoryState = try RepositoryState(request, repository, caches)
        }
        if request.inputs.isEmpty { return }
        let folder = request.configurationFolder
        var rules = rules
        rules.ignored = try ScopeRules.allBut(request.inputs)
        rules.excluded = request.cacheFolder.flatMap { $0.relative(to: folder) }.map { [$0] } ?? []
        rules.includePrefix = RelativePath(bytes: [])
        var scope: GitScope?
        if let repository, let prefix = repository.relativePath(of: folder) {
            scope = try GitScope(repository, prefix: prefix)
        }
        let name = ShownPath.naming(folder, in: request.root)
        let descriptor: FileDescriptor
        do { descriptor = try Files.openFolder(folder) } catch { throw InputsError(error) }
        defer { try? descriptor.close() }
        let prefix = Array((ShownPath.of(folder, in: request.root) + "/").utf8)
        let collector = FileCollector(
            root: descriptor.rawValue, cachePrefix: prefix, caches: caches, name: name)
        let scopes = NestedScopes(scope, folder: folder, base: descriptor.rawValue, name: name)
        let walker = ContextWalker(descriptor.rawValue, rules: rules, collector: collector, scopes: scopes)
        files = try walker.collectAll()
        if files.count > InputLimit.extraFiles {
            throw InputsError(
                .recipe, "cannot use inputs: it names \(files.count) files, more than \(InputLimit.extraFiles)")
        }
        readCount = collector.readCount
        for glob in request.inputs where GoPattern.isWildcard(Array(glob.utf8)) && !glob.hasPrefix("!") {
            let others = try ScopeRules.allBut([glob])
            let isUsed = files.contains { others?.isExcluded($0.path) == false }
            if !isUsed { warnings.append("inputs: \(glob) matches no file that counts") }
        }
        for (index, glob) in request.inputs.enumerated()
        where !GoPattern.isWildcard(Array(glob.utf8)) && !glob.hasPrefix("!") {
            let path = Self.cleaned(glob)
            let start = files.lowerBound(path.bytes)
            let isThere = start < files.endIndex && files[start].path.isInside(path)
            let below = files.lowerBound(path.bytes + [UInt8(ascii: "/")])
            let hasBelow = below < files.endIndex && files[below].path.isInside(path)
            if !isThere, !hasBelow {
                let file = folder.appending(path)
                let isIgnored = Files.exists(file)
                throw InputsError(
                    .recipe,
                    "cannot use \(glob) as an input: \(ShownPath.of(folder, in: request.root)) has no such file",
                    hint: isIgnored ? "a git-ignored file counts where includeIgnored names it" : nil,
                    fault: InputsError.Fault(
                        "inputs[\(index)]", isIgnored ? "\"\(glob)\" is left out" : "there is no file \"\(glob)\"",
                        missing: file))
            }
        }
    }

    private static func cleaned(_ glob: String) -> RelativePath {
        let patterns = IgnoreFile.patterns(of: Array(glob.utf8))
        return RelativePath(bytes: patterns.first ?? Array(glob.utf8))
    }

    /// The extras in the key; what is not declared leaves no trace.
    package var canonical: [String: CanonicalValue] {
        var members: [String: CanonicalValue] = [:]
        if !files.isEmpty {
            let tree = TreeHasher.digest(files, Array(files.indices), FileTable(), [], withoutMode: false)
            members["files"] = .digest(tree.digest)
        }
        if !salt.isEmpty { members["salt"] = .strings(salt) }
        members["git"] = repositoryState?.canonical
        return members
    }

    /// The member `extra` of the document.
    package var json: JSONValue {
        let secrets = SecretText([:], secrets: [])
        var members: [JSONValue.Member] = []
        if !files.isEmpty {
            members.append(
                .init("files", .object(files.map { .init($0.path.percentEncoded, InputsRecord.json(of: $0)) })))
        }
        if !salt.isEmpty {
            members.append(
                .init("salt", .map(salt.reduce(into: [:]) { $0[$1.key] = secrets.json($1.value, name: $1.key) })))
        }
        if let repositoryState { members.append(.init("git", repositoryState.json)) }
        return .object(members)
    }
}
