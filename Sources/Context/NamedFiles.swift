import Git
import Records
import SystemCalls
import SystemPackage

/// The files of a project that a recipe names one by one; the request's context is the project's root.
///
/// Each is found, proven and hashed by the rules of a build context (rules 15, 18, 19, 29, 30, 48 to 51).
package struct NamedFiles {
    /// A file that a recipe names.
    package struct Name: Hashable {
        /// The path below the root.
        package let path: RelativePath
        /// Where it is named, as `FILE:LINE`.
        package let place: String

        /// Names a file.
        package init(_ path: RelativePath, place: String) {
            self.path = path
            self.place = place
        }
    }

    /// The step that takes all files, whose tree is what counts of them.
    package static let step = StepReference(stage: 0, operation: 0)

    private let request: ImageRequest
    private let sources: InputSources
    private let caches: OpenCaches

    /// Looks at the repository around the root.
    package init(_ request: ImageRequest, repository: Repository?, caches: OpenCaches) throws(InputsError) {
        self.request = request
        self.caches = caches
        sources = try InputSources(request, repository: repository, ignore: IgnoreChoice())
    }

    /// The rules of what counts.
    package var rules: ScopeRules { sources.rules }

    /// Reads the files, as far as nothing proves what they hold.
    package func read(_ names: [Name]) throws(InputsError) -> ContextContent {
        let descriptor: FileDescriptor
        do { descriptor = try Files.openFolder(request.context) } catch { throw InputsError(error) }
        defer { try? descriptor.close() }
        let base = descriptor.rawValue
        let recorded = RecordedSubmodules(request, ignore: .null, caches: caches)
        let scopes = NestedScopes(
            sources.scope, folder: request.context, base: base,
            name: ShownPath.naming(request.context, in: request.root), recorded: recorded.files)
        let resolver = SourceResolver(base: base, rules: sources.rules, scopes: scopes)
        let (main, other) = (walker(base, scopes), walker(base, scopes))
        var roots: Set<SourceResolver.Root> = []
        for name in names { roots.insert(try root(of: name, resolver, main)) }
        for root in roots.sorted(by: { $0.recorded < $1.recorded }) {
            try (root.recorded == root.place ? main : other).collect(root.place, as: root.recorded)
        }
        let (files, followed) = (try main.collector.finish(), try other.collector.finish())
        var selection = ContextSelection()
        selection.parts = [.init(roots: Array(roots), excluded: nil, allBut: nil, isWildcard: false)]
        let check = AbsenceCheck(scopes: scopes, rules: sources.rules, selections: [selection])
        let found = try check.run(files, main.collector.absent, followed, other.collector.absent)
        if let refusal = AbsentPath.refusal(of: found.unproven, name: scopes.name) { throw refusal }
        var content = ContextContent(
            files: files, followed: followed, followedRoots: roots.filter { $0.recorded != $0.place }, trees: [:],
            selections: [Self.step: selection], warnings: [],
            readCount: main.collector.readCount + other.collector.readCount)
        content.absence = AbsentPath.refusal(of: found.proven + found.assumed, name: scopes.name)
        content.assumption = AbsentPath.refusal(of: found.assumed, name: scopes.name)
        for submodule in found.assumed { content.assumed[submodule.path] = submodule.entry.id }
        content.submodules = scopes.commits
        content.repositoryState = sources.repositoryState(content.recorded)
        content.rehash()
        return content
    }

    private func walker(_ base: Int32, _ scopes: NestedScopes) -> ContextWalker {
        let prefix = Array((ShownPath.of(request.context, in: request.root) + "/").utf8)
        let collector = FileCollector(root: base, cachePrefix: prefix, caches: caches, name: scopes.name)
        return ContextWalker(base, rules: sources.rules, collector: collector, scopes: scopes)
    }

    /// Where a named file lies, a link to it followed below the root.
    private func root(
        of name: Name, _ resolver: SourceResolver, _ walker: ContextWalker
    ) throws(InputsError) -> SourceResolver.Root {
        let start = "cannot use \(name.path) (\(name.place)): "
        do throws(SourceResolver.Failure) {
            let root = try resolver.root(of: name.path)
            if root.isFolder { throw .holdsNothing }
            let isLeftOut: Bool
            do throws(InputsError) { isLeftOut = try walker.leavesOut(root.place, isFolder: false) } catch {
                throw .inputs(error)
            }
            if isLeftOut { throw .gitIgnored }
            return root
        } catch {
            switch error {
            case .missing: throw InputsError(.recipe, start + "there is no such file")
            case .missingBehind(let link, let target):
                let text = String(decoding: target, as: UTF8.self)
                throw InputsError(.recipe, start + "\(link) is a link to \(text), which is not in the work tree")
            case .inCache: throw InputsError(.recipe, start + "the cache folder is never an input")
            case .inGitFolder: throw InputsError(.recipe, start + ".git is never an input")
            case .gitIgnored:
                throw InputsError(
                    .recipe, start + "it is git-ignored, so a fresh clone does not have it",
                    hint: "git add --force \(name.path)")
            case .holdsNothing: throw InputsError(.recipe, start + "it is a folder")
            case .tooManyLinks: throw InputsError(.recipe, start + "too many links follow each other")
            case .ignored: throw InputsError(.recipe, start + "it is left out")
            case .badPattern(let reason): throw InputsError(.recipe, start + reason)
            case .inputs(let error): throw error
            case .system(let error): throw InputsError(inContext: error)
            }
        }
    }
}
