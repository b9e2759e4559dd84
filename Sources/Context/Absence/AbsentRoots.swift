import Patterns
import SystemCalls

extension SourceResolver {
    /// What Git tracks at a path that is not in the work tree: a file, a link, or a folder that holds such.
    func absentKind(at place: RelativePath) throws(Failure) -> Kind {
        let (paths, around) = try absent(at: place)
        if let file = paths.first(where: { $0.path == place && !$0.isFolder }) {
            if isHidden(place) { throw .ignored }
            if !file.entry.isLink { return .file }
            // Where a link leads is told by its blob alone.
            guard let text = try linkText(of: file) else { throw .inputs(file.refusal(name: scopes.name)) }
            return .link(text)
        }
        if !paths.isEmpty { return .folder }
        if let around { throw .inputs(around.refusal(name: scopes.name)) }
        throw .missing
    }

    private func linkText(of link: AbsentPath) throws(Failure) -> [UInt8]? {
        do {
            if link.cause == .unmerged { return nil }
            if case .link(let text)? = link.recorded?.content { return text }
            return try scopes.innermost(of: link.path)?.linkText(link.entry.id)
        } catch { throw .inputs(error) }
    }

    private func absent(
        at place: RelativePath
    ) throws(Failure) -> (paths: [AbsentPath], around: AbsentPath?) {
        do { return try scopes.absent(at: place) } catch { throw .inputs(error) }
    }

    /// The absent files, and folders with absent files, that a wildcard names.
    func absentRoots(matching pattern: GoPattern) throws(Failure) -> Set<Root> {
        var roots: Set<Root> = []
        for file in try absent(for: pattern) {
            var place = file.path
            var isFolder = file.isFolder
            while !place.bytes.isEmpty {
                if pattern.matches(place) {
                    roots.insert(
                        isFolder || !file.entry.isLink
                            ? Root(recorded: place, place: place, isFolder: isFolder) : try root(of: place))
                }
                guard let parent = place.parent else { break }
                (place, isFolder) = (parent, true)
            }
        }
        return roots
    }

    /// The absent folders, of whose files too little is known to say that the wildcard names none of them.
    package func unlistedFolders(for pattern: GoPattern) throws(Failure) -> [RelativePath] {
        try absent(for: pattern).filter { $0.isFolder && pattern.mayMatch(below: $0.path) }.map(\.path)
    }

    private func absent(for pattern: GoPattern) throws(Failure) -> [AbsentPath] {
        do {
            let all = try scopes.absent { pattern.mayMatch(below: $0) && rules.mayTake(below: $0) }
            let literal = pattern.literalFolder
            return all.filter { $0.isFolder || $0.path.isInside(literal) }.filter {
                $0.isFolder ? rules.mayTake(below: $0.path) : !isHidden($0.path)
            }
        } catch { throw .inputs(error) }
    }

    private func isHidden(_ path: RelativePath) -> Bool {
        rules.isExcluded(path.bytes) || rules.ignored?.isExcluded(path) ?? false
    }
}
