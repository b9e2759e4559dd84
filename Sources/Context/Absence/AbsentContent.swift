import Git
import Hashing
import Records
import SystemCalls

extension FileCollector {
    /// Adds a file that is not in the work tree: with the content that its blob, or the entry's record, proves; else
    /// marked as unproven.
    ///
    /// - Parameters:
    ///   - recorded: The path of the record.
    ///   - file: What is absent.
    ///   - scope: The repository that tracks it.
    func addAbsent(_ recorded: [UInt8], _ file: AbsentPath, _ scope: GitScope) throws(InputsError) {
        let known = try content(of: file, scope)
        let path = RelativePath(bytes: recorded)
        table.append(
            FileRecord(
                path: path, content: known?.content ?? .file(FileTable.noDigest, size: 0, isExecutable: false),
                blob: known?.blob, isLFS: known?.isLFS ?? false))
        table.entries[table.entries.count - 1].flags.insert(known == nil ? [.absent, .unproven] : .absent)
        absent[path] = file
    }

    private func content(of file: AbsentPath, _ scope: GitScope) throws(InputsError) -> FileRecord? {
        if caches.trustsNothing { return nil }
        let (id, entry) = (file.entry.id, file.entry)
        func record(_ content: FileRecord.Content, isLFS: Bool = false) -> FileRecord {
            FileRecord(path: file.path, content: content, blob: id, isLFS: isLFS)
        }
        switch file.cause {
        case .unmerged, .unmade: return nil
        case .submodule: return file.recorded
        case .sparse, .patterns, .skipped: break
        }
        if entry.isLink {
            if let text = scope.linkText(id) { return record(.link(text)) }
            guard case .link(let text)? = caches.recorded(id)?.content, ObjectID(ofBlob: text) == id else { return nil }
            return record(.link(text))
        }
        guard entry.isFile else { return nil }
        let isExecutable = entry.mode & 0o100 != 0
        switch try scope.conversion(of: file.tracked) {
        case .none:
            if let known = caches.memo.content(of: id) {
                return record(.file(known.digest, size: known.size, isExecutable: isExecutable))
            }
            guard let known = caches.recorded(id), !known.isLFS, let digest = known.digest else { return nil }
            return record(.file(digest, size: known.size, isExecutable: isExecutable))
        case .lfs:
            if let pointer = scope.pointer(id), pointer.extensions.isEmpty {
                return record(.file(pointer.oid, size: pointer.size.bytes, isExecutable: isExecutable), isLFS: true)
            }
            guard let known = caches.recorded(id), known.isLFS, let digest = known.digest else { return nil }
            return record(.file(digest, size: known.size, isExecutable: isExecutable), isLFS: true)
        case .other: return nil
        }
    }
}
