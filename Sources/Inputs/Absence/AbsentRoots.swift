import Dockerfile
import SystemCalls

extension SourceResolver {
    /// What a literal source names that is not in the work tree: an absent file, or a folder with absent files.
    func absentRoot(at bytes: [UInt8], as source: RelativePath) throws(Failure) -> Root {
        let place = RelativePath(bytes: bytes)
        let (paths, around) = try absent(at: place)
        if let file = paths.first(where: { $0.path == place && !$0.isFolder }) {
            if isHidden(place) { throw .ignored }
            // Where a link leads is known only once it is there.
            if file.entry.isLink { throw .inputs(file.refusal(name: scopes.name)) }
            return Root(recorded: source, place: place, isFolder: false)
        }
        if !paths.isEmpty { return Root(recorded: source, place: place, isFolder: true) }
        if let around { throw .inputs(around.refusal(name: scopes.name)) }
        var above = place.parent
        while let folder = above, !folder.bytes.isEmpty {
            let link = try absent(at: folder).paths.first { $0.path == folder && !$0.isFolder }
            if let link { throw .inputs(link.refusal(name: scopes.name)) }
            above = folder.parent
        }
        throw .missing
    }

    private func absent(
        at place: RelativePath
    ) throws(Failure) -> (paths: ArraySlice<AbsentPath>, around: AbsentPath?) {
        do { return try scopes.absent(at: place) } catch { throw .inputs(error) }
    }

    /// The absent files, and folders with absent files, that a wildcard names.
    func absentRoots(matching pattern: PathPattern) throws(Failure) -> Set<Root> {
        var roots: Set<Root> = []
        for file in try absent(for: pattern) {
            var place = file.path
            var isFolder = file.isFolder
            while !place.bytes.isEmpty {
                if pattern.matches(place) {
                    if !isFolder, file.entry.isLink { throw .inputs(file.refusal(name: scopes.name)) }
                    roots.insert(Root(recorded: place, place: place, isFolder: isFolder))
                }
                guard let parent = place.parent else { break }
                (place, isFolder) = (parent, true)
            }
        }
        return roots
    }

    /// The absent folders, of whose files too little is known to say that the wildcard names none of them.
    func unlistedFolders(for pattern: PathPattern) throws(Failure) -> [RelativePath] {
        try absent(for: pattern).filter { $0.isFolder && pattern.mayMatch(below: $0.path) }.map(\.path)
    }

    private func absent(for pattern: PathPattern) throws(Failure) -> [AbsentPath] {
        do {
            let all = try scopes.absent { pattern.mayMatch(below: $0) && rules.mayTake(below: $0) }
            return all.filter { $0.isFolder ? rules.mayTake(below: $0.path) : !isHidden($0.path) }
        } catch { throw .inputs(error) }
    }

    private func isHidden(_ path: RelativePath) -> Bool {
        rules.isExcluded(path.bytes) || rules.ignored?.isExcluded(path) ?? false
    }
}
