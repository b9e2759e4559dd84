import Glibc
import SystemCalls
import SystemPackage

extension Repository {
    /// The index as it is now; without an index file, an empty one.
    ///
    /// It is read again only where the file is another one than at the last time.
    ///
    /// A damaged file is a `GitError` of kind `unreadableIndex`.
    public func index() throws -> Index {
        if let known = view.index, try FileStatus.of(indexPath, followLinks: true) == known.status { return known }
        let index = try readIndex()
        view.index = index.status == nil ? nil : index
        return index
    }

    private func readIndex() throws -> Index {
        guard let (content, status) = try Self.readIndex(indexPath) else {
            return Index(entries: IndexEntries(), status: nil, needsGit: false)
        }
        var entries = content.entries
        if let link = content.link, link.base != .zero {
            let shared = indexPath.removingLastComponent().appending("sharedindex." + link.base.hexadecimal)
            let common = gitDirectory.appending("sharedindex." + link.base.hexadecimal)
            guard let (base, _) = try Self.readIndex(shared) ?? Self.readIndex(common) else {
                throw GitError(.unreadableIndex, "read", "index \(indexPath.string)", "\(shared.string) is missing")
            }
            entries = link.merge(base: base.entries, over: entries)
        }
        let needsGit = content.link != nil || content.isSparse || !content.hasChecksum
        return Index(entries: entries, status: status, needsGit: needsGit)
    }

    private static func readIndex(_ path: FilePath) throws -> (IndexParser.Content, FileStatus)? {
        let descriptor: FileDescriptor
        do {
            descriptor = try Files.openRegular(path)
        } catch {
            if error.errno == .noSuchFileOrDirectory { return nil }
            throw error
        }
        defer { try? descriptor.close() }
        let status = try FileStatus.of(descriptor)
        if status.size == 0 { return nil }
        let mapped = mmap(nil, Int(status.size), PROT_READ, MAP_PRIVATE, descriptor.rawValue, 0)
        guard let mapped, mapped != MAP_FAILED else { throw SystemError.last("read", path.string) }
        defer { munmap(mapped, Int(status.size)) }
        let bytes = UnsafeRawBufferPointer(start: mapped, count: Int(status.size))
        return (try IndexParser.parse(bytes, name: path.string), status)
    }
}
