import Context
import Dockerfile
import Git
import Glibc
import Patterns
import Records
import SystemCalls
import SystemPackage

/// Looks at the context folder for a plan: which files its operations take, and what these hold.
final class ContextScan {
    /// The files that count, sorted by path.
    private(set) var files = FileTable()
    /// The files that are reached through a link that is itself a source; their records carry the source's name.
    private(set) var followed = FileTable()
    /// Where the followed files lie: recorded path of a root, and its place.
    private(set) var followedRoots: [SourceResolver.Root] = []
    /// The files of each operation that takes any.
    private(set) var trees: [StepReference: StepTree] = [:]
    /// What each of them takes.
    private(set) var selections: [StepReference: ContextSelection] = [:]
    /// Remarks for the user.
    private(set) var warnings: [String] = []
    /// Files that had to be opened.
    private(set) var readCount = 0

    private let request: ImageRequest
    private let rules: ScopeRules
    private let scope: GitScope?
    private let caches: OpenCaches
    private let recorded: RecordedSubmodules
    /// Why nothing can be built, where files that count are not in the work tree.
    private(set) var absence: InputsError?
    /// What is wrong unless the key turns out to be that of the record.
    private(set) var assumption: InputsError?
    /// The commits of the submodules that were looked into.
    private(set) var submodules: [RelativePath: ObjectID] = [:]
    /// The commits of the submodules whose files were taken from the record.
    private(set) var assumed: [RelativePath: ObjectID] = [:]

    init(
        _ request: ImageRequest, rules: ScopeRules, scope: GitScope?, caches: OpenCaches, recorded: RecordedSubmodules
    ) {
        self.request = request
        self.rules = rules
        self.scope = scope
        self.caches = caches
        self.recorded = recorded
    }

    /// Reads what the operations of a plan take.
    func read(_ plan: BuildPlan) throws(InputsError) {
        let steps = plan.stages.indices.flatMap { stage in
            plan.stages[stage].operations.indices.map { StepReference(stage: stage, operation: $0) }
        }
        let wanted = steps.filter { plan.stages[$0.stage].operations[$0.operation].readsContext }
        if wanted.isEmpty, !plan.needsWholeContext { return }
        try withFolder { (base, scopes) throws(InputsError) in
            let resolver = SourceResolver(base: base, rules: rules, scopes: scopes)
            let main = walker(base, scopes)
            for step in wanted {
                let operation = plan.stages[step.stage].operations[step.operation]
                selections[step] = try selection(of: operation, resolver, main)
            }
            var roots = selections.values.flatMap { $0.parts.flatMap(\.roots) }
            if plan.needsWholeContext { roots.append(Self.whole) }
            let other = try collect(roots, base, main)
            try judge(
                AbsenceCheck(
                    scopes: scopes, rules: rules, selections: plan.needsWholeContext ? nil : Array(selections.values)),
                main, other)
            for step in wanted {
                guard let selection = selections[step] else { continue }
                trees[step] = try tree(selection, plan.stages[step.stage].operations[step.operation])
            }
            if !plan.needsWholeContext { dropUnused(Array(selections.values)) }
            finish(main)
        }
    }

    /// Reads the whole context, for opaque mode.
    func readAll() throws(InputsError) -> StepTree {
        try withFolder { (base, scopes) throws(InputsError) in
            let main = walker(base, scopes)
            let other = try collect([Self.whole], base, main)
            try judge(AbsenceCheck(scopes: scopes, rules: rules, selections: nil), main, other)
            finish(main)
        }
        return TreeHasher.digest(files, Array(files.indices), FileTable(), [], withoutMode: false)
    }

    private static let whole = SourceResolver.Root(
        recorded: RelativePath(bytes: []), place: RelativePath(bytes: []), isFolder: true)

    private func withFolder(_ body: (Int32, NestedScopes) throws(InputsError) -> Void) throws(InputsError) {
        let descriptor: FileDescriptor
        let name = ShownPath.of(request.context, in: request.root)
        do throws(SystemError) {
            // A committed link must not make another folder of the user the context.
            if request.context.relative(to: request.root) != nil {
                guard let real = try Files.resolved(request.context, below: request.root) else {
                    throw SystemError(
                        "open", name, .tooManySymbolicLinkLevels,
                        reason: "it is a link that leads out of \(request.root), or in a circle")
                }
                if real != request.context, real.isInGitFolder(below: request.root) {
                    throw SystemError(
                        "open", name, .tooManySymbolicLinkLevels, reason: "it is a link into Git's own folder")
                }
            }
            descriptor = try Files.openFolder(request.context)
        } catch { throw InputsError(reading: name, error) }
        defer { try? descriptor.close() }
        let scopes = NestedScopes(
            scope, folder: request.context, base: descriptor.rawValue,
            name: ShownPath.naming(request.context, in: request.root), recorded: recorded.files)
        try body(descriptor.rawValue, scopes)
        submodules = scopes.commits
    }

    private func walker(_ base: Int32, _ scopes: NestedScopes) -> ContextWalker {
        let prefix = ShownPath.of(request.context, in: request.root)
        let collector = FileCollector(
            root: base, cachePrefix: Array((prefix + "/").utf8), caches: caches, name: scopes.name)
        return ContextWalker(base, rules: rules, collector: collector, scopes: scopes)
    }

    /// Refuses absent files that count and are not proven; notes those that are.
    private func judge(
        _ check: AbsenceCheck, _ main: ContextWalker, _ other: ContextWalker?
    ) throws(InputsError) {
        let found = try check.run(files, main.collector.absent, followed, other?.collector.absent ?? [:])
        let name = check.scopes.name
        if let refusal = AbsentPath.refusal(of: found.unproven, name: name) { throw refusal }
        absence = AbsentPath.refusal(of: found.proven + found.assumed, name: name)
        assumption = AbsentPath.refusal(of: found.assumed, name: name)
        for submodule in found.assumed { assumed[submodule.path] = submodule.entry.id }
    }

    /// Collects what lies below the roots, each file once; gives the walker of those under other names, if any.
    private func collect(
        _ roots: [SourceResolver.Root], _ base: Int32, _ main: ContextWalker
    ) throws(InputsError) -> ContextWalker? {
        let own = Set(roots.filter { $0.recorded == $0.place })
        let folders = Set(own.filter(\.isFolder).map(\.place))
        for root in own.sorted(by: { $0.place < $1.place }) {
            var above = root.place.parent
            while let folder = above, !folders.contains(folder) { above = folder.parent }
            if above == nil { try main.collect(root.place, as: root.recorded) }
        }
        files = try main.collector.finish()
        readCount += main.collector.readCount
        let aliases = Set(roots.filter { $0.recorded != $0.place }).sorted { $0.recorded < $1.recorded }
        if aliases.isEmpty { return nil }
        let other = walker(base, main.scopes)
        for root in aliases { try other.collect(root.place, as: root.recorded) }
        followed = try other.collector.finish()
        followedRoots = aliases
        readCount += other.collector.readCount
        return other
    }

    private func tree(_ selection: ContextSelection, _ operation: Operation) throws(InputsError) -> StepTree {
        let positions = selection.positions(in: files) { $0.recorded == $0.place }
        let others = selection.positions(in: followed) { $0.recorded != $0.place }
        for part in selection.parts {
            for root in part.roots where root.isFolder && !root.recorded.bytes.isEmpty && part.allBut == nil {
                let table = root.recorded == root.place ? files : followed
                let start = table.lowerBound(root.recorded.bytes + [UInt8(ascii: "/")])
                if start == table.lowerBound(root.recorded.bytes + [UInt8(ascii: "/") + 1]), !part.isWildcard {
                    throw failure(.holdsNothing, root.recorded, operation)
                }
            }
        }
        return TreeHasher.digest(files, positions, followed, others, withoutMode: selection.replacesModes)
    }

    /// Drops the files that `--exclude` and `--parents` of every operation leave out.
    private func dropUnused(_ selections: [ContextSelection]) {
        guard selections.contains(where: { $0.parts.contains { $0.excluded != nil || $0.allBut != nil } }) else {
            return
        }
        var isUsed = [Bool](repeating: false, count: files.entries.count)
        var isFollowedUsed = [Bool](repeating: false, count: followed.entries.count)
        for selection in selections {
            for position in selection.positions(in: files, { $0.recorded == $0.place }) { isUsed[position] = true }
            for position in selection.positions(in: followed, { $0.recorded != $0.place }) {
                isFollowedUsed[position] = true
            }
        }
        files.entries = zip(files.entries, isUsed).filter(\.1).map(\.0)
        followed.entries = zip(followed.entries, isFollowedUsed).filter(\.1).map(\.0)
    }

    private func finish(_ walker: ContextWalker) {
        if walker.leftOutCount > 0 {
            let names = walker.leftOut.prefix(3).map(\.description).joined(separator: ", ")
            let more = walker.leftOutCount > 3 ? ", …" : ""
            warnings.append(
                "\(walker.leftOutCount) git-ignored paths are left out (\(names)\(more)); includeIgnored names what counts"
            )
        }
        if walker.hasSimilarNames {
            for (first, second) in SimilarPaths.pairs(in: files).prefix(3) {
                warnings.append("\(first) and \(second) cannot both be checked out on macOS and Windows")
            }
        }
    }
}

extension ContextScan {
    /// What an operation takes, its sources resolved.
    private func selection(
        of operation: Operation, _ resolver: SourceResolver, _ walker: ContextWalker
    ) throws(InputsError) -> ContextSelection {
        var selection = ContextSelection()
        selection.replacesModes = operation.replacesModes
        if operation.kind == .run {
            for mount in operation.mounts where mount.origin == .context {
                guard let source = mount.source else {
                    selection.parts.append(.init(roots: [Self.whole], excluded: nil, allBut: nil, isWildcard: true))
                    continue
                }
                let root = try root(of: source, operation, resolver, walker)
                selection.parts.append(.init(roots: [root], excluded: nil, allBut: nil, isWildcard: false))
            }
            return selection
        }
        let excluded = try excludedMatcher(operation)
        var pivots = (operation.flags["pivot"] ?? [])[...]
        for source in operation.sources {
            switch source {
            case .inline, .remote: continue
            case .symbolic:
                selection.parts.append(.init(roots: [Self.whole], excluded: nil, allBut: nil, isWildcard: true))
            case .path(let path), .secretPath(let path, _):
                let pivot = pivots.popFirst().map { RelativePath($0.text) }
                // What a pivot with wildcards stands for is not known here: more counts then.
                let isKnown = pivot.map { !GoPattern.isWildcard($0.bytes) } ?? true
                var part = try part(path, operation, isKnown ? excluded : nil, resolver, walker)
                part.pivot = pivot
                selection.parts.append(part)
            }
        }
        return selection
    }

    private func part(
        _ path: RelativePath, _ operation: Operation, _ excluded: IgnoreMatcher?, _ resolver: SourceResolver,
        _ walker: ContextWalker
    ) throws(InputsError) -> ContextSelection.Part {
        let isWildcard = GoPattern.isWildcard(path.bytes)
        if request.keepGitDirectory, path.isInside(".git") {
            return .init(roots: [], excluded: nil, allBut: nil, isWildcard: true)
        }
        if operation.flags["parents"] != nil {
            let fixed = path.components.prefix { !GoPattern.isWildcard(Array($0)) }
            let start = RelativePath(bytes: Array(fixed.joined(separator: [UInt8(ascii: "/")])))
            let allBut = path.bytes.isEmpty || !isWildcard ? nil : try Self.allBut(path, operation, request)
            if isWildcard, !start.bytes.isEmpty, try resolver.isMissing(start) {
                warnings.append("\(place(operation)): \(operation.shown(path)) matches nothing")
                return .init(roots: [], excluded: excluded, allBut: allBut, isWildcard: true)
            }
            let root = try root(of: start, operation, resolver, walker)
            return .init(roots: [root], excluded: excluded, allBut: allBut, isWildcard: isWildcard)
        }
        if !isWildcard {
            let root = try root(of: path, operation, resolver, walker)
            return .init(roots: [root], excluded: excluded, allBut: nil, isWildcard: false)
        }
        do throws(SourceResolver.Failure) {
            let pattern: GoPattern
            do { pattern = try GoPattern(path.bytes) } catch {
                throw .badPattern(error.reason)
            }
            var roots: [SourceResolver.Root] = []
            for root in try resolver.roots(matching: pattern) {
                do throws(InputsError) {
                    if !(try walker.leavesOut(root.place, isFolder: root.isFolder)) { roots.append(root) }
                } catch { throw .inputs(error) }
            }
            if roots.isEmpty {
                warnings.append(
                    "\(place(operation)): \(operation.shown(path)) matches nothing; older builders fail here")
            }
            return .init(
                roots: roots, excluded: excluded, allBut: nil, isWildcard: true,
                unlisted: try resolver.unlistedFolders(for: pattern))
        } catch { throw failure(error, path, operation) }
    }

    private static func allBut(
        _ path: RelativePath, _ operation: Operation, _ request: ImageRequest
    ) throws(InputsError) -> IgnoreMatcher {
        do { return try IgnoreMatcher([Array("**".utf8), Array("!".utf8) + path.bytes]) } catch {
            let reason = operation.hides(path) ? "it is no pattern" : error.reason
            throw InputsError(.recipe, "cannot read \(operation.shown(path)) (line \(operation.line)): \(reason)")
        }
    }

    private func excludedMatcher(_ operation: Operation) throws(InputsError) -> IgnoreMatcher? {
        guard let patterns = operation.flags["exclude"], !patterns.isEmpty else { return nil }
        do { return try IgnoreMatcher(patterns.flatMap { IgnoreFile.patterns(of: Array($0.text.utf8)) }) } catch {
            throw InputsError(.recipe, "cannot read --exclude (\(place(operation))): \(error.reason)")
        }
    }

    private func root(
        of path: RelativePath, _ operation: Operation, _ resolver: SourceResolver, _ walker: ContextWalker
    ) throws(InputsError) -> SourceResolver.Root {
        do throws(SourceResolver.Failure) {
            let root = try resolver.root(of: path)
            let isLeftOut: Bool
            do throws(InputsError) {
                isLeftOut = try walker.leavesOut(root.place, isFolder: root.isFolder)
            } catch { throw .inputs(error) }
            if isLeftOut { throw .gitIgnored }
            return root
        } catch { throw failure(error, path, operation) }
    }

    private func place(_ operation: Operation) -> String {
        "\(ShownPath.of(request.dockerfile, in: request.root)):\(operation.line)"
    }

    private func failure(
        _ failure: SourceResolver.Failure, _ path: RelativePath, _ operation: Operation
    ) -> InputsError {
        let verb = operation.kind == .run ? "mount" : "copy"
        let object = "\(operation.shown(path)) (\(place(operation)))"
        let start = "cannot \(verb) \(object): "
        switch failure {
        case .missing:
            return InputsError(
                .recipe, start + "the context \(ShownPath.of(request.context, in: request.root)) has no such file")
        case .ignored:
            return InputsError(.recipe, start + "the ignore file leaves it out")
        case .inCache:
            return InputsError(.recipe, start + "the cache folder is never an input")
        case .inGitFolder:
            return InputsError(
                .recipe, start + ".git is never an input", hint: "keepGitDir makes the repository's state one")
        case .gitIgnored:
            return InputsError(
                .recipe, start + "it is git-ignored, so a fresh clone does not have it",
                hint: "name it under includeIgnored, or set contextFiles: worktree")
        case .holdsNothing:
            return InputsError(.recipe, start + "the folder holds no file that counts, and Git keeps no empty folders")
        case .missingBehind(let link, let target):
            let text = String(decoding: target, as: UTF8.self)
            return InputsError(.recipe, start + "\(link) is a link to \(text), which is not in the context")
        case .tooManyLinks:
            return InputsError(.recipe, start + "too many links follow each other")
        case .badPattern(let reason):
            return InputsError(.recipe, start + (operation.hides(path) ? "it is no pattern" : reason))
        case .inputs(let error):
            return operation.hides(path) ? InputsError(error.kind, start + "what it names cannot be used") : error
        case .system(let error):
            return operation.hides(path) ? InputsError(.system, start + error.reason) : InputsError(inContext: error)
        }
    }
}
