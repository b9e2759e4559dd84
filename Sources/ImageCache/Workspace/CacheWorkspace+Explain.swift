import Git
import Records
import SystemCalls

extension CacheWorkspace {
    /// Bytes of a file whose differences are shown at most.
    private static let differenceLimit = 1 << 20

    /// How a changed text file differs from its recorded version, as far as that is in Git; a unified diff's lines.
    public func difference(for reason: Reason, in inspection: EntryInspection) throws -> [String] {
        guard let repository, let text = reason.path,
            reason.name == .fileContentChanged || reason.name == .fileEOLOnly || reason.name == .fileRenamed,
            let record = try shelf.record(at: inspection.paths.record, .all)
        else { return [] }
        let path = RelativePath(percentEncoded: text)
        let oldPath = reason.name == .fileRenamed ? reason.old.map { RelativePath(percentEncoded: $0) } ?? path : path
        let file = inspection.inputs.request.context.appending(path)
        guard let blob = record.files[oldPath]?.blob, try repository.contains(blob),
            let status = try FileStatus.of(file), status.kind == .file, status.size <= Self.differenceLimit,
            try repository.blobSize(blob) ?? 0 <= Self.differenceLimit, let bytes = try Files.readPlain(file)
        else { return [] }
        return try repository.difference(from: blob, to: bytes, path: path)
    }
}
