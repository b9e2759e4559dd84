import Git
import Glibc
import Records
import SystemCalls
import SystemPackage

/// The repository around a folder and those of the submodules in it, opened as they are reached, and what of their
/// tracked files is absent.
///
/// Not to be used from two threads at once.
package final class NestedScopes {
    /// What a submodule that is not checked out held when the entry was made; nil where nothing proves it.
    package typealias Recorded = (_ path: RelativePath, _ commit: ObjectID) -> [FileRecord]?

    /// The repository around the folder; nil where there is none.
    let outer: GitScope?
    /// Names a file in messages.
    package let name: @Sendable ([UInt8]) -> String
    private let folder: FilePath
    private let base: Int32
    private let environment: [String: String]
    private let recorded: Recorded
    private var opened: [RelativePath: GitScope] = [:]
    /// Submodules with a repository, of which nothing was ever checked out.
    private var unmade: [AbsentPath] = []
    private var absent: [RelativePath: [AbsentPath]] = [:]
    /// The folders that were asked for, and whether they are such without a link.
    private var realFolders: [RelativePath: Bool] = [:]

    /// Looks at a folder.
    ///
    /// - Parameters:
    ///   - outer: The repository around it.
    ///   - folder: The folder that all paths are relative to.
    ///   - base: The same, open.
    ///   - name: Names a file in messages.
    ///   - recorded: Tells the files of a submodule that is not checked out.
    package init(
        _ outer: GitScope?, folder: FilePath, base: Int32, name: @escaping @Sendable ([UInt8]) -> String,
        recorded: @escaping Recorded = { _, _ in nil }
    ) {
        self.outer = outer
        self.folder = folder
        self.base = base
        self.name = name
        self.recorded = recorded
        environment = outer?.repository.environment ?? [:]
    }

    /// The commits of the submodules that were reached.
    package var commits: [RelativePath: ObjectID] {
        opened.compactMapValues { try? $0.repository.head() }
    }

    /// The innermost repository around a place; that around a submodule which is not checked out.
    func innermost(of place: RelativePath) throws(InputsError) -> GitScope? {
        guard var scope = outer else { return nil }
        var prefix = RelativePath("")
        for component in place.components {
            prefix = prefix.appending(RelativePath(bytes: Array(component)))
            guard let entry = scope.index.entry(at: scope.repositoryPath(prefix.bytes)), entry.isSubmodule else {
                continue
            }
            guard let inner = try submodule(at: prefix) else { break }
            scope = inner
        }
        return scope
    }

    /// The repository of a submodule; nil where it is not checked out.
    func submodule(at place: RelativePath) throws(InputsError) -> GitScope? {
        if let known = opened[place] { return known }
        if !exists(place.appending(".git")) || unmade.contains(where: { $0.path == place }) { return nil }
        do {
            guard
                let repository = try Repository.at(folder.appending(place), environment: environment)
            else {
                throw InputsError(
                    .recipe, "cannot use \(name(place.bytes)) as an input: its repository cannot be opened")
            }
            let scope = try GitScope(repository, prefix: "", place: place, shown: name(place.bytes))
            if scope.index.status == nil, let commit = try? repository.head() {
                let around = try innermost(of: place.parent ?? "")
                unmade.append(
                    AbsentPath(
                        path: place, tracked: around?.repositoryPath(place.bytes) ?? place, cause: .unmade,
                        entry: TreeEntry(id: commit, mode: 0o160000), command: around?.command ?? "git", isFolder: true)
                )
                return nil
            }
            opened[place] = scope
            return scope
        } catch { throw GitScope.failure(error) }
    }

    /// Whether something is at a path.
    ///
    /// What a link above it leads to is not there, as with Git.
    private func exists(_ path: RelativePath) -> Bool {
        isRealFolder(path.parent ?? "") && mode(of: path) != nil
    }

    private func mode(of path: RelativePath) -> mode_t? {
        var status = stat()
        let isThere = path.bytes.withTerminator { fstatat(base, $0, &status, AT_SYMLINK_NOFOLLOW) } == 0
        return isThere ? status.st_mode & S_IFMT : nil
    }

    /// Whether a path is a folder, and neither it nor one above it a link.
    func isRealFolder(_ path: RelativePath) -> Bool {
        if path.bytes.isEmpty { return true }
        if let known = realFolders[path] { return known }
        let isReal = isRealFolder(path.parent ?? "") && mode(of: path) == S_IFDIR
        realFolders[path] = isReal
        return isReal
    }

    /// Whether a folder is missing or holds nothing.
    private func isEmpty(_ path: RelativePath) -> Bool {
        if !isRealFolder(path.parent ?? "") { return true }
        let descriptor = path.bytes.withTerminator { Files.openFolder($0, in: base) }
        if descriptor < 0 { return !exists(path) }
        defer { close(descriptor) }
        return (try? FolderListing(descriptor, named: ""))?.items.isEmpty ?? false
    }
}

extension NestedScopes {
    /// What is absent of a repository's tracked paths below the folder, sorted.
    func absent(in scope: GitScope) throws(InputsError) -> [AbsentPath] {
        if let known = absent[scope.place] { return known }
        let entries = scope.index.entries
        let below = scope.index.entries(below: RelativePath(bytes: scope.prefix))
        var found: [AbsentPath] = []
        var missing: RelativePath?
        for position in entries.unusual(in: below.startIndex..<below.endIndex) {
            let entry = entries[position]
            let path = scope.folderPath(entry.path)
            if entry.stage != 0 {
                if found.last?.path != path { found.append(AbsentPath(entry, .unmerged, in: scope)) }
            } else if entry.isSubmodule {
                if !exists(path.appending(".git")) { found += files(of: AbsentPath(entry, .submodule, in: scope)) }
            } else if entry.isSparseDirectory {
                found += try files(of: entry, in: scope)
            } else {
                // A whole folder that is missing is asked for once.
                if let folder = missing, path.isInside(folder) {
                } else if exists(path) {
                    continue
                } else {
                    missing = path
                    while let folder = missing?.parent, !folder.bytes.isEmpty, !exists(folder) { missing = folder }
                }
                found.append(AbsentPath(entry, scope.cause, in: scope))
            }
        }
        found.sort { $0.path < $1.path }
        absent[scope.place] = found
        return found
    }

    /// A submodule that is not checked out, with the files that the entry's record has of its commit.
    private func files(of submodule: AbsentPath) -> [AbsentPath] {
        guard isEmpty(submodule.path), let files = recorded(submodule.path, submodule.entry.id) else {
            return [submodule]
        }
        let whole = AbsentPath(
            path: submodule.path, tracked: submodule.tracked, cause: .submodule, entry: submodule.entry,
            command: submodule.command, isFolder: true, isRecorded: true)
        return [whole]
            + files.map { file in
                AbsentPath(
                    path: file.path, tracked: submodule.tracked, cause: .submodule,
                    entry: TreeEntry(id: .zero, mode: file.digest == nil ? 0o120000 : 0o100644),
                    command: submodule.command, recorded: file)
            }
    }

    /// The files of a folder that a sparse index does not list; the folder itself where its trees are not at hand.
    private func files(of folder: IndexEntry, in scope: GitScope) throws(InputsError) -> [AbsentPath] {
        let files: [TreeFile]?
        do { files = try scope.repository.wholeTree(of: folder.id) } catch { throw GitScope.failure(error) }
        guard let files else { return [AbsentPath(folder, scope.cause, in: scope)] }
        return files.flatMap { file -> [AbsentPath] in
            let tracked = folder.path.appending(file.path)
            let path = scope.folderPath(tracked)
            if file.entry.isSubmodule {
                if exists(path.appending(".git")) { return [] }
            } else if exists(path) {
                return []
            }
            let found = AbsentPath(
                path: path, tracked: tracked, cause: file.entry.isSubmodule ? .submodule : scope.cause,
                entry: file.entry, command: scope.command, isFolder: file.entry.isSubmodule)
            return found.isFolder ? self.files(of: found) : [found]
        }
    }

    /// What is absent at a place or below it, and the whole folder, if any, that the place lies in.
    func absent(at place: RelativePath) throws(InputsError) -> (paths: [AbsentPath], around: AbsentPath?) {
        guard let scope = try innermost(of: place) else { return ([], nil) }
        let all = try absent(in: scope)
        if let found = unmade.first(where: { place.isInside($0.path) }) { return (Self.below(place, all), found) }
        if all.isEmpty { return ([], nil) }
        var above: RelativePath? = place
        while let folder = above, !folder.bytes.isEmpty {
            if let found = Self.exact(folder, all), found.isFolder { return (Self.below(place, all), found) }
            above = folder.parent
        }
        return (Self.below(place, all), nil)
    }

    /// Whether what stands at a place, and is no folder, takes the place of one whose files are absent.
    ///
    /// Such a link or file is not what Git tracks there, and no clone has it beside those files.
    func isInPlaceOfAbsent(_ place: RelativePath, in scope: GitScope?) throws(InputsError) -> Bool {
        guard let scope else { return false }
        let all = try absent(in: scope)
        return !all.isEmpty && Self.below(place, all).contains { $0.isFolder || $0.path != place }
    }

    /// The paths at a place or below it.
    static func below(_ place: RelativePath, _ all: [AbsentPath]) -> [AbsentPath] {
        if place.bytes.isEmpty { return all }
        let start = lowerBound(place.bytes + [UInt8(ascii: "/")], all)
        let end = lowerBound(place.bytes + [UInt8(ascii: "/") + 1], all)
        return (exact(place, all).map { [$0] } ?? []) + all[start..<max(start, end)]
    }

    private static func exact(_ place: RelativePath, _ all: [AbsentPath]) -> AbsentPath? {
        let position = lowerBound(place.bytes, all)
        return position < all.count && all[position].path == place ? all[position] : nil
    }

    private static func lowerBound(_ bytes: [UInt8], _ all: [AbsentPath]) -> Int {
        var (low, high) = (0, all.count)
        while low < high {
            let middle = (low + high) / 2
            if all[middle].path.bytes.lexicographicallyPrecedes(bytes) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// What is absent of all repositories that hold something wanted, opened as needed.
    func absent(wanted: (RelativePath) -> Bool) throws(InputsError) -> [AbsentPath] {
        guard let outer else { return [] }
        var found: [AbsentPath] = []
        var scopes = [outer]
        while let scope = scopes.popLast() {
            found += try absent(in: scope)
            let below = scope.index.entries(below: RelativePath(bytes: scope.prefix))
            let entries = scope.index.entries
            for position in entries.unusual(in: below.startIndex..<below.endIndex) {
                let entry = entries[position]
                guard entry.isSubmodule, entry.stage == 0, case let place = scope.folderPath(entry.path), wanted(place),
                    let inner = try submodule(at: place)
                else { continue }
                scopes.append(inner)
            }
        }
        return found + unmade
    }

    /// What is absent of all repositories that were reached.
    func absentOfReached() throws(InputsError) -> [AbsentPath] {
        var found = unmade
        for scope in (outer.map { [$0] } ?? []) + opened.values { found += try absent(in: scope) }
        return found
    }
}
