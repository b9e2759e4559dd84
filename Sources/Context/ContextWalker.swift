import Git
import Glibc
import Patterns
import Records
import SystemCalls

/// Walks a folder and collects what counts in it; what is ignored is neither opened nor looked into.
package final class ContextWalker {
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
        /// Whether its listing has a `.gitattributes`.
        let hasAttributes: Bool
        /// How Git converts the files directly in the folder; nil until it is asked.
        var conversion: FolderConversion?
    }

    /// How Git converts the files directly in a folder.
    private enum FolderConversion {
        case all(GitScope.Conversion)
        /// Lines of attributes tell them apart.
        case each
    }

    /// What was collected.
    package let collector: FileCollector
    /// The repositories around and in the folder.
    package let scopes: NestedScopes
    let rules: ScopeRules
    private let base: Int32
    private let name: @Sendable ([UInt8]) -> String
    /// The path of the file or folder that is being looked at, below the base.
    private var path: [UInt8] = []
    /// The path of its record: another one below a link that is a source.
    private var recorded: [UInt8] = []
    /// Git-ignored files and folders that were left out.
    package private(set) var leftOut: [RelativePath] = []
    /// How many of them there are.
    package private(set) var leftOutCount = 0
    /// Whether a folder holds names that differ only in case or Unicode form.
    package private(set) var hasSimilarNames = false

    /// Prepares a walk.
    ///
    /// - Parameters:
    ///   - base: The open folder that all paths are relative to.
    ///   - rules: What counts.
    ///   - collector: Where the files go.
    ///   - scopes: The repositories around and in the folder.
    package init(_ base: Int32, rules: ScopeRules, collector: FileCollector, scopes: NestedScopes) {
        self.base = base
        self.rules = rules
        self.collector = collector
        self.scopes = scopes
        name = scopes.name
    }

    /// Collects a file, or what a folder holds.
    ///
    /// - Parameters:
    ///   - place: Its path below the base, no component of which is a link.
    ///   - recordedPath: The path of the record.
    package func collect(_ place: RelativePath, as recordedPath: RelativePath) throws(InputsError) {
        path = place.bytes
        recorded = recordedPath.bytes
        let scope = try scopes.innermost(of: place)
        let state = state(above: place)
        if let scope {
            try addAbsent(of: scope)
            let paths = try scopes.absent(at: place).paths
            if paths.contains(where: { $0.path == place && !$0.isFolder }) { return }
            // A folder of which nothing is checked out, whatever stands in its place.
            if !paths.isEmpty, !scopes.isRealFolder(place) { return }
        }
        var status = stat()
        if !path.isEmpty {
            do throws(SystemError) {
                try checked("examine", name(path)) {
                    path.withTerminator { fstatat(base, $0, &status, AT_SYMLINK_NOFOLLOW) }
                }
            } catch { throw InputsError(inContext: error) }
        }
        if path.isEmpty || status.st_mode & S_IFMT == S_IFDIR {
            let entries = entries(of: scope)
            if !entries.isEmpty { collector.reserve(entries.count) }
            try walk(from: AT_FDCWD, nil, scope, entries, state)
        } else {
            try take(status, scope?.index.entry(at: scope?.repositoryPath(path) ?? place), scope, nil)
        }
    }

    /// Collects all that counts; what is absent and not proven is refused.
    func collectAll() throws(InputsError) -> FileTable {
        try collect("", as: "")
        let files = try collector.finish()
        var unproven = files.entries.filter { $0.flags.contains(.unproven) }.compactMap {
            collector.absent[RelativePath(bytes: Array(files.name($0)))]
        }
        unproven += try scopes.absentOfReached().filter { $0.isFolder && rules.mayTake(below: $0.path) }
        if let refusal = AbsentPath.refusal(of: unproven, name: name) { throw refusal }
        return files
    }

    /// Adds what is absent of a repository at `path` and below, as far as it counts.
    private func addAbsent(of scope: GitScope) throws(InputsError) {
        for file in NestedScopes.below(RelativePath(bytes: path), try scopes.absent(in: scope)) where !file.isFolder {
            if rules.ignored?.isExcluded(file.path) ?? false { continue }
            if rules.isExcluded(file.path.bytes) { continue }
            let rest = RelativePath(bytes: Array(file.path.bytes.dropFirst(path.isEmpty ? 0 : path.count + 1)))
            try collector.addAbsent(RelativePath(bytes: recorded).appending(rest).bytes, file, scope)
        }
    }

    /// Whether Git's rules leave out an untracked source, which a fresh clone would not have.
    package func leavesOut(_ place: RelativePath, isFolder: Bool) throws(InputsError) -> Bool {
        guard rules.leavesOutGitIgnored, !place.bytes.isEmpty, let scope = try scopes.innermost(of: place) else {
            return false
        }
        let absent = try scopes.absent(at: place)
        if !absent.paths.isEmpty || absent.around != nil { return false }
        let tracked = scope.repositoryPath(place.bytes)
        if isFolder ? !scope.index.entries(below: tracked).isEmpty : scope.index.entry(at: tracked) != nil {
            return false
        }
        guard try scope.isIgnored(place.bytes, isDirectory: isFolder) else { return false }
        return !(isFolder ? rules.mayIncludeBelow(place) : rules.includes(place))
    }

    /// The ignore file's verdict on what is above a place, and on the place.
    private func state(above place: RelativePath) -> IgnoreMatcher.FolderState? {
        guard let matcher = rules.ignored else { return nil }
        var state = matcher.root
        var prefix = RelativePath(bytes: [])
        for component in place.components {
            prefix = prefix.appending(RelativePath(bytes: Array(component)))
            state = matcher.enter(prefix, in: state).state
        }
        return state
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
        let listing: FolderListing
        let descriptor: Int32
        do throws(SystemError) {
            descriptor = try checked("open", name(path)) {
                if let folderName { return Files.openFolder(folderName, in: parent) }
                return (path.isEmpty ? [UInt8(ascii: ".")] : path).withTerminator { Files.openFolder($0, in: base) }
            }
        } catch { throw InputsError(inContext: error) }
        defer { close(descriptor) }
        do throws(SystemError) { listing = try FolderListing(descriptor, named: name(path)) } catch {
            throw InputsError(inContext: error)
        }
        if listing.hasSimilarNames { hasSimilarNames = true }
        var depth = 0
        if let scope {
            let folder = scope.repositoryPath(path).bytes.count
            depth = folder == 0 ? 0 : folder + 1
        }
        var folder = Folder(
            descriptor: descriptor, scope: scope, entries: entries, depth: depth, state: state,
            hasAttributes: listing.hasAttributes)
        let (length, recordedLength) = (path.count, recorded.count)
        for item in listing.items {
            Self.append(listing.bytes[item.start..<(item.start + item.length)], to: &path)
            Self.append(listing.bytes[item.start..<(item.start + item.length)], to: &recorded)
            try visit(item, listing.bytes, &folder)
            path.removeLast(path.count - length)
            recorded.removeLast(recorded.count - recordedLength)
        }
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
        let entry = advance(&folder, to: name, isFolder: item.kind == .folder)
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
            // It stands among the absent ones.
            if entry.stage != 0 || entry.isSubmodule { return }
        } else if try scopes.isInPlaceOfAbsent(RelativePath(bytes: path), in: folder.scope) {
            return
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
            throw InputsError(inContext: error)
        }
        try take(status, entry, folder.scope, try conversion(in: &folder))
    }

    /// How Git converts all files directly in a folder; nil where that is to be asked of each.
    private func conversion(in folder: inout Folder) throws(InputsError) -> GitScope.Conversion? {
        guard let scope = folder.scope else { return nil }
        if folder.conversion == nil {
            let name = RelativePath(bytes: path).parent ?? ""
            let conversion = try scope.conversion(
                in: scope.repositoryPath(name.bytes), isWithoutAttributes: !folder.hasAttributes)
            folder.conversion = conversion.map { .all($0) } ?? .each
        }
        if case .all(let conversion) = folder.conversion { return conversion }
        return nil
    }

    private func visitFolder(
        _ item: FolderListing.Item, _ bytes: [UInt8], _ folder: inout Folder, _ entry: IndexEntry?,
        _ state: IgnoreMatcher.FolderState?
    ) throws(InputsError) {
        let name = bytes[item.start..<(item.start + item.length)]
        var scope = folder.scope
        var entries = 0..<0
        if let entry, entry.isSubmodule {
            // One that is not checked out stands among the absent ones.
            guard entry.stage == 0, let inner = try scopes.submodule(at: RelativePath(bytes: path)) else { return }
            try addAbsent(of: inner)
            scope = inner
            entries = inner.index.entries.indices
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
    private func take(
        _ status: stat, _ entry: IndexEntry?, _ scope: GitScope?, _ conversion: GitScope.Conversion?
    ) throws(InputsError) {
        switch status.st_mode & S_IFMT {
        case S_IFREG: try collector.addFile(recorded, at: path, status, entry, scope, conversion)
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
    private func advance(_ folder: inout Folder, to name: ArraySlice<UInt8>, isFolder: Bool) -> IndexEntry? {
        guard let scope = folder.scope, !folder.entries.isEmpty else { return nil }
        let entries = scope.index.entries
        guard let first = skipMissing(&folder, before: name) else { return nil }
        let entry = entries[first]
        // A submodule's entry is the folder's bare name, which comes before `name/`.
        if isFolder, !entry.isSubmodule { return nil }
        var next = first + 1
        while entry.stage != 0, next < folder.entries.upperBound, entries.name(next).elementsEqual(entry.name) {
            next += 1
        }
        folder.entries = next..<folder.entries.upperBound
        return entry
    }

    /// Passes the entries whose names come before `name`: they were removed, or stand among the absent ones.
    ///
    /// - Returns: The entry of this name; nil where there is none.
    private func skipMissing(_ folder: inout Folder, before name: ArraySlice<UInt8>) -> Int? {
        guard let scope = folder.scope else { return nil }
        let entries = scope.index.entries
        while let first = folder.entries.first {
            let order = entries.order(first, depth: folder.depth, to: name)
            if order >= 0 { return order == 0 ? first : nil }
            folder.entries = (first + 1)..<folder.entries.upperBound
        }
        return nil
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
}
