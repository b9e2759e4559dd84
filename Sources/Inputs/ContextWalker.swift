import Dockerfile
import Git
import Glibc
import SystemCalls
import SystemPackage

/// Walks a folder and collects what counts in it; what is ignored is neither opened nor looked into.
final class ContextWalker {
    /// A folder that is being walked.
    private struct Folder {
        let descriptor: Int32
        /// The repository that the folder belongs to.
        let scope: GitScope?
        /// The index entries below the folder.
        var entries: Range<Int>
        /// How many bytes of an entry's path lead to the folder, with the slash.
        let depth: Int
        /// The ignore file's verdict on what is above.
        let state: IgnoreMatcher.FolderState?
    }

    let collector: FileCollector
    private let folder: FilePath
    private let environment: [String: String]
    private var submodules: [[UInt8]: GitScope] = [:]
    private let rules: ScopeRules
    private let base: Int32
    private let name: @Sendable ([UInt8]) -> String
    /// The path of the file or folder that is being looked at, below the base.
    private var path: [UInt8] = []
    /// The path of its record: another one below a link that is a source.
    private var recorded: [UInt8] = []
    /// Git-ignored files and folders that were left out.
    private(set) var leftOut: [RelativePath] = []
    private(set) var leftOutCount = 0
    /// Whether a folder holds names that differ only in case or Unicode form.
    private(set) var hasSimilarNames = false

    /// Prepares a walk.
    ///
    /// - Parameters:
    ///   - folder: The base that all paths are relative to.
    ///   - base: The same, open.
    ///   - rules: What counts.
    ///   - collector: Where the files go.
    ///   - environment: What repositories of submodules are looked at with.
    ///   - name: Names a file in messages.
    init(
        _ folder: FilePath, _ base: Int32, rules: ScopeRules, collector: FileCollector, environment: [String: String],
        name: @escaping @Sendable ([UInt8]) -> String
    ) {
        self.folder = folder
        self.environment = environment
        self.base = base
        self.rules = rules
        self.collector = collector
        self.name = name
    }

    /// Collects a file, or what a folder holds.
    ///
    /// - Parameters:
    ///   - place: Its path below the base, no component of which is a link.
    ///   - recordedPath: The path of the record.
    ///   - scope: The repository of the base.
    func collect(_ place: RelativePath, as recordedPath: RelativePath, _ scope: GitScope?) throws(InputsError) {
        path = place.bytes
        recorded = recordedPath.bytes
        let (scope, state) = try enter(place, scope)
        var status = stat()
        if !path.isEmpty {
            do throws(SystemError) {
                try checked("examine", name(path)) {
                    path.withTerminator { fstatat(base, $0, &status, AT_SYMLINK_NOFOLLOW) }
                }
            } catch { throw InputsError(error) }
        }
        if path.isEmpty || status.st_mode & S_IFMT == S_IFDIR {
            let entries = entries(of: scope)
            if !entries.isEmpty { collector.reserve(entries.count) }
            try walk(from: AT_FDCWD, nil, scope, entries, state)
        } else {
            let entry = scope?.index.stages(of: scope?.repositoryPath(path) ?? place).first
            if let entry { try check(entry) }
            try take(status, entry, scope)
        }
    }

    /// Whether Git's rules leave out an untracked source, which a fresh clone would not have.
    func leavesOut(_ place: RelativePath, isFolder: Bool, _ outer: GitScope?) throws(InputsError) -> Bool {
        guard rules.leavesOutGitIgnored, !place.bytes.isEmpty else { return false }
        let (scope, _) = try enter(place, outer)
        guard let scope else { return false }
        let tracked = scope.repositoryPath(place.bytes)
        if isFolder ? !scope.index.entries(below: tracked).isEmpty : scope.index.entry(at: tracked) != nil {
            return false
        }
        guard try scope.isIgnored(place.bytes, isDirectory: isFolder) else { return false }
        return !(isFolder ? rules.mayIncludeBelow(place) : rules.includes(place))
    }

    /// What holds above a place: the innermost repository and the ignore file's verdict.
    private func enter(
        _ place: RelativePath, _ outer: GitScope?
    ) throws(InputsError) -> (GitScope?, IgnoreMatcher.FolderState?) {
        var scope = outer
        var state = rules.ignored?.root
        var prefix = RelativePath(bytes: [])
        for component in place.components {
            prefix = prefix.appending(RelativePath(bytes: Array(component)))
            if let matcher = rules.ignored, let folder = state { state = matcher.enter(prefix, in: folder).state }
            if let entry = scope?.index.entry(at: scope?.repositoryPath(prefix.bytes) ?? prefix), entry.isSubmodule {
                scope = try submodule(prefix.bytes)
            }
        }
        return (scope, state)
    }

    private func entries(of scope: GitScope?) -> Range<Int> {
        guard let scope else { return 0..<0 }
        let slice = scope.index.entries(below: scope.repositoryPath(path))
        return slice.startIndex..<slice.endIndex
    }

    /// Walks the folder at `path`, opened through its parent's descriptor where there is one.
    private func walk(
        from parent: Int32, _ folderName: UnsafePointer<CChar>?, _ scope: GitScope?, _ entries: Range<Int>,
        _ state: IgnoreMatcher.FolderState?
    ) throws(InputsError) {
        let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
        let listing: FolderListing
        let descriptor: Int32
        do throws(SystemError) {
            descriptor = try checked("open", name(path)) {
                if let folderName { return openat(parent, folderName, flags) }
                return (path.isEmpty ? [UInt8(ascii: ".")] : path).withTerminator { openat(base, $0, flags) }
            }
        } catch { throw InputsError(error) }
        defer { close(descriptor) }
        do throws(SystemError) { listing = try FolderListing(descriptor, named: name(path)) } catch {
            throw InputsError(error)
        }
        if listing.hasSimilarNames { hasSimilarNames = true }
        var depth = 0
        if let scope {
            let folder = scope.repositoryPath(path).bytes.count
            depth = folder == 0 ? 0 : folder + 1
        }
        var folder = Folder(descriptor: descriptor, scope: scope, entries: entries, depth: depth, state: state)
        let (length, recordedLength) = (path.count, recorded.count)
        for item in listing.items {
            Self.append(listing.bytes[item.start..<(item.start + item.length)], to: &path)
            Self.append(listing.bytes[item.start..<(item.start + item.length)], to: &recorded)
            try visit(item, listing.bytes, &folder)
            path.removeLast(path.count - length)
            recorded.removeLast(recorded.count - recordedLength)
        }
        try skipMissing(&folder, before: nil)
    }

    private static func append(_ name: ArraySlice<UInt8>, to path: inout [UInt8]) {
        if !path.isEmpty { path.append(UInt8(ascii: "/")) }
        path += name
    }

    /// Looks at one name of a folder.
    private func visit(_ item: FolderListing.Item, _ bytes: [UInt8], _ folder: inout Folder) throws(InputsError) {
        let name = bytes[item.start..<(item.start + item.length)]
        if item.length == 4, name.elementsEqual(".git".utf8) { return }
        if !rules.excluded.isEmpty, rules.isExcluded(path) { return }
        let entry = try advance(&folder, to: name, isFolder: item.kind == .folder)
        var state = folder.state
        if let matcher = rules.ignored, let above = folder.state {
            if item.kind == .folder {
                let verdict = matcher.enter(RelativePath(bytes: path), in: above)
                if verdict.isExcluded, !verdict.mayHoldIncluded {
                    skipFolder(&folder, name)
                    return
                }
                state = verdict.state
            } else if matcher.isExcluded(RelativePath(bytes: path), in: above) {
                return
            }
        }
        if item.kind == .folder {
            try visitFolder(item, bytes, &folder, entry, state)
            return
        }
        if let entry {
            try check(entry)
        } else if try isLeftOut(isDirectory: false, folder.scope) {
            return
        }
        var status = stat()
        do throws(SystemError) {
            try checked("examine", self.name(path)) {
                Self.withName(bytes, item) { fstatat(folder.descriptor, $0, &status, AT_SYMLINK_NOFOLLOW) }
            }
        } catch {
            // Removed between the listing and now.
            if error.errno == .noSuchFileOrDirectory { return }
            throw InputsError(error)
        }
        try take(status, entry, folder.scope)
    }

    private func visitFolder(
        _ item: FolderListing.Item, _ bytes: [UInt8], _ folder: inout Folder, _ entry: IndexEntry?,
        _ state: IgnoreMatcher.FolderState?
    ) throws(InputsError) {
        let name = bytes[item.start..<(item.start + item.length)]
        var scope = folder.scope
        var entries = 0..<0
        if let entry, entry.isSubmodule {
            scope = try submodule(path)
            entries = scope.map { $0.index.entries.indices } ?? 0..<0
        } else {
            entries = skipFolder(&folder, name)
            if entries.isEmpty, try isLeftOut(isDirectory: true, scope) { return }
        }
        let descriptor = folder.descriptor
        let start = item.start
        try bytes.withUnsafeBufferPointer { buffer throws(InputsError) in
            guard let base = buffer.baseAddress else { return }
            let folderName = UnsafeRawPointer(base + start).assumingMemoryBound(to: CChar.self)
            try walk(from: descriptor, folderName, scope, entries, state)
        }
    }

    private static func withName<Result>(
        _ bytes: [UInt8], _ item: FolderListing.Item, _ body: (UnsafePointer<CChar>) -> Result
    ) -> Result {
        bytes.withUnsafeBytes { buffer in
            guard let base = buffer.baseAddress else { return "".withCString(body) }
            return body((base + item.start).assumingMemoryBound(to: CChar.self))
        }
    }

    /// Records the file at `path`.
    private func take(_ status: stat, _ entry: IndexEntry?, _ scope: GitScope?) throws(InputsError) {
        switch status.st_mode & S_IFMT {
        case S_IFREG: try collector.addFile(recorded, at: path, status, entry, scope)
        case S_IFLNK: try collector.addLink(recorded, at: path, status, entry)
        default:
            let kind = FileStatus(status).kind
            let word = kind == .fifo ? "a FIFO" : kind == .socket ? "a socket" : "a device"
            throw InputsError(
                .recipe, "cannot use \(name(path)) as an input: it is \(word), which builders treat differently",
                hint: "name it in the ignore file")
        }
    }

    /// Whether Git's rules leave out the untracked file or folder at `path`.
    private func isLeftOut(isDirectory: Bool, _ scope: GitScope?) throws(InputsError) -> Bool {
        guard rules.leavesOutGitIgnored, let scope, try scope.isIgnored(path, isDirectory: isDirectory) else {
            return false
        }
        let place = RelativePath(bytes: path)
        if isDirectory ? rules.mayIncludeBelow(place) : rules.includes(place) { return false }
        leftOutCount += 1
        if leftOut.count < 10 { leftOut.append(place) }
        return true
    }
}

extension ContextWalker {
    /// Moves to the index entry of a name; those before it are not in the work tree.
    private func advance(
        _ folder: inout Folder, to name: ArraySlice<UInt8>, isFolder: Bool
    ) throws(InputsError) -> IndexEntry? {
        guard let scope = folder.scope, !folder.entries.isEmpty else { return nil }
        let entries = scope.index.entries
        if isFolder {
            // A submodule's entry is the folder's bare name, which comes before `name/`.
            try skipMissing(&folder, before: name)
            guard let first = folder.entries.first else { return nil }
            guard entries.name(first).dropFirst(folder.depth).elementsEqual(name) else { return nil }
            let entry = entries[first]
            guard entry.isSubmodule else { return nil }
            folder.entries = (first + 1)..<folder.entries.upperBound
            return entry
        }
        try skipMissing(&folder, before: name)
        guard let first = folder.entries.first,
            entries.name(first).dropFirst(folder.depth).elementsEqual(name)
        else { return nil }
        let entry = entries[first]
        var next = first + 1
        while entry.stage != 0, next < folder.entries.upperBound, entries.name(next).elementsEqual(entry.path.bytes) {
            next += 1
        }
        folder.entries = next..<folder.entries.upperBound
        return entry
    }

    /// Passes the entries whose names come before `name`: they are tracked, but not in the work tree.
    private func skipMissing(_ folder: inout Folder, before name: ArraySlice<UInt8>?) throws(InputsError) {
        guard let scope = folder.scope else { return }
        while let first = folder.entries.first {
            let entries = scope.index.entries
            if let name, !entries.name(first).dropFirst(folder.depth).lexicographicallyPrecedes(name) { return }
            let entry = entries[first]
            folder.entries = (first + 1)..<folder.entries.upperBound
            if entry.stage != 0 || entry.flags.contains(.skipWorktree) || entry.isSparseDirectory || entry.isSubmodule {
                try checkMissing(entry, folder)
            }
        }
    }

    /// The entries below a folder, which are passed.
    @discardableResult
    private func skipFolder(_ folder: inout Folder, _ name: ArraySlice<UInt8>) -> Range<Int> {
        guard let scope = folder.scope, !folder.entries.isEmpty else { return 0..<0 }
        let entries = scope.index.entries
        func bound(_ next: UInt8) -> Int {
            entries.lowerBound(name + [next], in: folder.entries, depth: folder.depth)
        }
        let start = bound(UInt8(ascii: "/"))
        let end = bound(UInt8(ascii: "/") + 1)
        folder.entries = max(start, end)..<folder.entries.upperBound
        return start..<max(start, end)
    }

    /// Refuses a tracked path that is not in the work tree for a reason that only the user can remove.
    private func checkMissing(_ entry: IndexEntry, _ folder: Folder) throws(InputsError) {
        let place = RelativePath(
            bytes: path + (path.isEmpty ? [] : [UInt8(ascii: "/")]) + entry.path.bytes[folder.depth...])
        if rules.ignored?.isExcluded(place) ?? false { return }
        if rules.isExcluded(place.bytes) { return }
        let shown = name(place.bytes)
        if entry.stage != 0 { throw Self.unmerged(shown, entry) }
        if entry.isSubmodule {
            throw InputsError(
                .recipe, "cannot use \(shown) as an input: the submodule is not checked out",
                hint: "git submodule update --init -- \(entry.path)")
        }
        throw InputsError(
            .recipe, "cannot use \(shown) as an input: the sparse checkout leaves it out",
            hint: "git sparse-checkout add \(entry.path.parent?.description ?? entry.path.description)")
    }

    /// Refuses an entry that a merge left unresolved.
    private func check(_ entry: IndexEntry) throws(InputsError) {
        if entry.stage != 0 { throw Self.unmerged(name(path), entry) }
    }

    private static func unmerged(_ place: String, _ entry: IndexEntry) -> InputsError {
        InputsError(
            .recipe, "cannot use \(place) as an input: a merge left it unresolved",
            hint: "resolve it, then git add -- \(entry.path)")
    }

    /// The repository of a checked-out submodule.
    private func submodule(_ place: [UInt8]) throws(InputsError) -> GitScope {
        let marker = place + Array("/.git".utf8)
        var status = stat()
        let isThere = marker.withTerminator { fstatat(base, $0, &status, AT_SYMLINK_NOFOLLOW) } == 0
        guard isThere else {
            throw InputsError(
                .recipe, "cannot use \(name(place)) as an input: the submodule is not checked out",
                hint: "git submodule update --init -- \(RelativePath(bytes: place))")
        }
        if let known = submodules[place] { return known }
        let path = folder.appending(RelativePath(bytes: place))
        do {
            guard let repository = try Repository.at(path, environment: environment) else {
                throw InputsError(.recipe, "cannot use \(name(place)) as an input: its repository cannot be opened")
            }
            let scope = try GitScope(repository, prefix: RelativePath(bytes: []), dropped: place.count + 1)
            submodules[place] = scope
            return scope
        } catch { throw GitScope.failure(error) }
    }
}
