import Git
import Records
import SystemCalls
import SystemPackage

/// What stands for the archive of an entry.
///
/// All that depends on the form is answered here.
enum ArchiveForm: Equatable {
    /// Nothing.
    case nothing
    /// An LFS pointer.
    case pointer(Pointer)
    /// The archive, or a file that claims to be one.
    case file(FilePath, size: Size)
    /// A link, pipe or folder, which nothing opens; what it is.
    case unusable(String)

    /// Looks at the archive's place in the work tree.
    static func at(_ path: FilePath) throws -> ArchiveForm {
        guard let status = try FileStatus.of(path) else { return .nothing }
        if status.kind != .file { return .unusable(status.kind.complaint) }
        // An empty file is the pointer of nothing, which is no archive.
        guard status.size > 0, status.size < Pointer.maximumLength,
            let bytes = try Files.readPlain(path, limit: Pointer.maximumLength)
        else { return .file(path, size: Size(status.size)) }
        return Pointer(parsing: bytes).map { .pointer($0) } ?? .file(path, size: Size(status.size))
    }

    /// Where the archive's bytes are to be read.
    enum Bytes: Equatable {
        /// In a file of the work tree.
        case file(FilePath)
        /// In an object, which may have to be fetched.
        case object(Pointer)
        /// Nowhere: nothing is there.
        case nowhere
        /// Nowhere: what is there cannot be read.
        case unreadable(String)
    }

    /// Where the archive's bytes are to be read.
    var bytes: Bytes {
        switch self {
        case .nothing: .nowhere
        case .pointer(let pointer): .object(pointer)
        case .file(let path, _): .file(path)
        case .unusable(let complaint): .unreadable(complaint)
        }
    }

    /// The file in the work tree that claims to be the archive; nil where there is none.
    var file: FilePath? {
        if case .file(let path, _) = self { path } else { nil }
    }

    /// Whether it is a file without a byte.
    var isEmpty: Bool {
        if case .file(_, size: 0) = self { true } else { false }
    }

    /// How an entry stands whose archive this is, where that alone decides it.
    ///
    /// - Parameter provenance: What the record says of the archive; nil where it says nothing.
    func defect(against provenance: Provenance?) -> (state: EntryState, reason: Reason)? {
        switch self {
        case .nothing: return (.missing, Reason(.archiveMissing))
        case .unusable(let complaint): return (.corrupt, Reason(.archiveUnusable, new: complaint))
        case .pointer(let pointer):
            guard let named = provenance?.pointer else { return nil }
            if pointer.oid != named.oid {
                let (old, new) = (named.oid.hexadecimal, pointer.oid.hexadecimal)
                return (.corrupt, Reason(.pointerMismatch, old: old, new: new))
            }
            if pointer.size == named.size { return nil }
            return (.corrupt, Reason(.pointerMismatch, old: "\(named.size) bytes", new: "\(pointer.size) bytes"))
        case .file(_, let size):
            guard let provenance, size != provenance.archiveSize else { return nil }
            return (.corrupt, Reason(.archiveSize, old: provenance.archiveSize.description, new: size.description))
        }
    }

    /// The state of an entry with this archive and nothing wrong.
    var soundState: EntryState {
        if case .pointer = self { .pointer } else { .fresh }
    }

    /// Whether it holds the bytes of an archive, every one of them read.
    func holds(_ pointer: Pointer, _ digests: ArchiveDigests) throws -> Bool {
        guard case .file(let path, let size) = self, size == pointer.size else { return false }
        return try digests.pointer(of: path) == pointer
    }

    /// Whether it is an archive, or the pointer to it, to the last byte.
    func stands(for pointer: Pointer, _ digests: ArchiveDigests) throws -> Bool {
        if case .pointer(let own) = self { return own == pointer }
        return try holds(pointer, digests)
    }
}

extension Provenance {
    /// The pointer to the archive.
    var pointer: Pointer { Pointer(oid: archiveDigest, size: archiveSize) }

    /// The pointer to the steps archive; nil where there is none.
    var stepsPointer: Pointer? { steps.map { Pointer(oid: $0.archiveDigest, size: $0.archiveSize) } }
}
