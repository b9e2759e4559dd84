import Glibc
import Patterns
import Records
import SystemCalls

/// Finds what the sources of COPY, ADD and mounts name in the context: literal paths, links, wildcards (rules 18, 22).
package struct SourceResolver {
    /// A file or folder that a source names.
    package struct Root: Hashable {
        /// Its path in the records.
        package let recorded: RelativePath
        /// Where it lies, all links resolved.
        package let place: RelativePath
        /// Whether it is a folder.
        package let isFolder: Bool

        /// Names a file or folder.
        package init(recorded: RelativePath, place: RelativePath, isFolder: Bool) {
            self.recorded = recorded
            self.place = place
            self.isFolder = isFolder
        }
    }

    /// What stands at a path.
    enum Kind {
        case file
        case folder
        case link([UInt8])
    }

    /// Why a literal source cannot be had.
    package enum Failure: Error {
        case missing
        /// A link on the way leads to what the context does not hold.
        case missingBehind(link: RelativePath, target: [UInt8])
        case ignored
        case inCache
        case inGitFolder
        case gitIgnored
        case holdsNothing
        case tooManyLinks
        case badPattern(String)
        case inputs(InputsError)
        case system(SystemError)
    }

    /// The open context folder.
    let base: Int32
    let rules: ScopeRules
    /// The repositories around and in the context.
    let scopes: NestedScopes
    private var name: @Sendable ([UInt8]) -> String { scopes.name }

    /// Resolves sources below an open folder.
    package init(base: Int32, rules: ScopeRules, scopes: NestedScopes) {
        self.base = base
        self.rules = rules
        self.scopes = scopes
    }

    private static let linkLimit = 40

    /// What a literal path names, links followed inside the context.
    package func root(of source: RelativePath) throws(Failure) -> Root {
        try checkVisible(source)
        var resolved: [ArraySlice<UInt8>] = []
        var rest = Array(source.components.reversed())
        var hops = 0
        var isFolder = true
        var link: (path: RelativePath, target: [UInt8])?
        func missing() -> Failure { link.map { .missingBehind(link: $0.path, target: $0.target) } ?? .missing }
        // How many components lead to a folder whose files are absent, and which something else took the place of.
        var depthOfAbsent = Int.max
        while let component = rest.popLast() {
            if component.elementsEqual(".".utf8) { continue }
            if component.elementsEqual("..".utf8) {
                // Above the context's root there is only the root, as for builders.
                _ = resolved.popLast()
                if resolved.count < depthOfAbsent { depthOfAbsent = .max }
                continue
            }
            resolved.append(component)
            let path = Self.joined(resolved)
            if depthOfAbsent == .max, try isInPlaceOfAbsent(path) { depthOfAbsent = resolved.count }
            let kind: Kind
            switch depthOfAbsent == .max ? try status(path)?.kind : nil {
            case .symbolicLink?: kind = .link(try linkText(path))
            case .directory?: kind = .folder
            case .some: kind = .file
            case nil:
                do throws(Failure) { kind = try absentKind(at: RelativePath(bytes: path)) } catch {
                    if case .missing = error { throw missing() }
                    throw error
                }
            }
            switch kind {
            case .link(let text):
                hops += 1
                link = (RelativePath(bytes: path), text)
                if hops > Self.linkLimit { throw .tooManyLinks }
                if text.first == UInt8(ascii: "/") { resolved = [] } else { resolved.removeLast() }
                if resolved.count < depthOfAbsent { depthOfAbsent = .max }
                rest += text.split(separator: UInt8(ascii: "/")).reversed()
                isFolder = true
            case .folder: isFolder = true
            case .file:
                isFolder = false
                if !rest.isEmpty { throw missing() }
            }
        }
        let place = RelativePath(bytes: Self.joined(resolved))
        if place != source { try checkVisible(place) }
        return Root(recorded: source, place: place, isFolder: isFolder)
    }

    /// Whether a literal path names nothing; what is absent is something.
    package func isMissing(_ source: RelativePath) throws(InputsError) -> Bool {
        do throws(Failure) {
            _ = try root(of: source)
            return false
        } catch {
            if case .inputs(let error) = error { throw error }
            return true
        }
    }

    /// Whether something else than a folder stands where Git tracks one whose files are absent.
    private func isInPlaceOfAbsent(_ path: [UInt8]) throws(Failure) -> Bool {
        guard let kind = try status(path)?.kind, kind != .directory else { return false }
        let place = RelativePath(bytes: path)
        do { return try scopes.isInPlaceOfAbsent(place, in: try scopes.innermost(of: place)) } catch {
            throw .inputs(error)
        }
    }

    private static func joined(_ components: [ArraySlice<UInt8>]) -> [UInt8] {
        Array(components.joined(separator: [UInt8(ascii: "/")]))
    }

    /// Whether the ignore file, the cache folder or `.git` hides a path.
    private func checkVisible(_ path: RelativePath) throws(Failure) {
        if path.components.contains(where: { $0.elementsEqual(".git".utf8) }) { throw .inGitFolder }
        if rules.isExcluded(path.bytes) { throw .inCache }
        guard let matcher = rules.ignored else { return }
        var state = matcher.root
        var prefix = RelativePath(bytes: [])
        let components = path.components
        for (index, component) in components.enumerated() {
            prefix = prefix.appending(RelativePath(bytes: Array(component)))
            let verdict = matcher.enter(prefix, in: state)
            if verdict.isExcluded {
                if !verdict.mayHoldIncluded { throw .ignored }
                if index == components.count - 1, let status = try status(path.bytes), status.kind != .directory {
                    throw .ignored
                }
            }
            state = verdict.state
        }
    }

    private func status(_ path: [UInt8]) throws(Failure) -> FileStatus? {
        var status = stat()
        do throws(SystemError) {
            try checked("examine", name(path)) {
                path.withTerminator { fstatat(base, $0, &status, AT_SYMLINK_NOFOLLOW) }
            }
        } catch {
            if error.errno == .noSuchFileOrDirectory || error.errno == .notDirectory { return nil }
            throw .system(error)
        }
        return FileStatus(status)
    }

    private func linkText(_ path: [UInt8]) throws(Failure) -> [UInt8] {
        var text = [UInt8](repeating: 0, count: Int(PATH_MAX))
        do throws(SystemError) {
            let count = try checked("read the link", name(path)) {
                path.withTerminator { path in
                    text.withUnsafeMutableBytes {
                        guard let buffer = $0.baseAddress else { return 0 }
                        return readlinkat(base, path, buffer.assumingMemoryBound(to: CChar.self), $0.count)
                    }
                }
            }
            return Array(text[..<count])
        } catch { throw .system(error) }
    }
}

extension SourceResolver {
    /// What a wildcard names: every visible file, folder or link whose whole path matches.
    package func roots(matching pattern: GoPattern) throws(Failure) -> [Root] {
        var roots: [Root] = []
        try match(pattern, in: RelativePath(bytes: []), rules.ignored?.root, &roots)
        let known = Set(roots)
        return roots + (try absentRoots(matching: pattern)).filter { !known.contains($0) }
    }

    private func match(
        _ pattern: GoPattern, in folder: RelativePath, _ state: IgnoreMatcher.FolderState?, _ roots: inout [Root]
    ) throws(Failure) {
        let listing: FolderListing
        do throws(SystemError) {
            let place = folder.bytes.isEmpty ? [UInt8(ascii: ".")] : folder.bytes
            let descriptor = try checked("open", name(folder.bytes)) {
                place.withTerminator { Files.openFolder($0, in: base) }
            }
            defer { close(descriptor) }
            listing = try FolderListing(descriptor, named: name(folder.bytes))
        } catch { throw .system(error) }
        for item in listing.items {
            let component = listing.bytes[item.start..<(item.start + item.length)]
            if component.elementsEqual(".git".utf8) { continue }
            let path = folder.appending(RelativePath(bytes: Array(component)))
            if rules.isExcluded(path.bytes) { continue }
            var below = state
            if let matcher = rules.ignored, let state {
                if item.kind == .folder {
                    let verdict = matcher.enter(path, in: state)
                    if verdict.isExcluded, !verdict.mayHoldIncluded { continue }
                    below = verdict.state
                } else if matcher.isExcluded(path, in: state) {
                    continue
                }
            }
            if pattern.matches(path) {
                // The folder in whose place it stands is among the absent ones.
                if item.kind != .folder, try isInPlaceOfAbsent(path.bytes) { continue }
                // A link that leads nowhere inside the context matches nothing.
                if item.kind != .link {
                    roots.append(Root(recorded: path, place: path, isFolder: item.kind == .folder))
                } else {
                    roots.append(try root(of: path))
                }
            } else if item.kind == .folder, pattern.mayMatch(below: path) {
                try match(pattern, in: path, below, &roots)
            }
        }
    }
}
