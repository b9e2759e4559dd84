import Git
import LFS
import Records
import SystemCalls
import SystemPackage

/// What the files of one entry look like from outside: sizes and small contents, the archive itself not read.
struct EntryFiles {
    /// The archive's place in the work tree.
    enum Archive: Equatable {
        case missing
        /// An LFS pointer stands for it.
        case pointer(Pointer)
        /// The archive, or a file that claims to be one.
        case file(size: Size)
        /// A link, pipe or folder, which nothing opens; what it is.
        case unusable(String)
    }

    /// A small file of the entry.
    enum Part<Content> {
        case missing
        case conflicted
        /// A record of an older program, by the name of its rules.
        case outdated(String)
        case damaged(String)
        case present(Content)

        var content: Content? {
            if case .present(let content) = self { content } else { nil }
        }
    }

    let archive: Archive
    let record: Part<InputsRecord>
    let sidecar: Part<String>

    /// Whether nothing of the entry is there.
    var isEmpty: Bool {
        if case .missing = record, case .missing = sidecar, archive == .missing { return true }
        return false
    }

    static func archive(at path: FilePath) throws -> Archive {
        guard let status = try FileStatus.of(path) else { return .missing }
        if status.kind != .file { return .unusable(status.kind.complaint) }
        // An empty file is the pointer of nothing, which is no archive.
        guard status.size > 0, status.size < Pointer.maximumLength,
            let bytes = try Files.readPlain(path, limit: Pointer.maximumLength)
        else { return .file(size: Size(status.size)) }
        return Pointer(parsing: bytes).map { .pointer($0) } ?? .file(size: Size(status.size))
    }

    /// The record, as `read` gives it.
    ///
    /// - Throws: `InputsError` of kind `newerAlgorithm`, for a record that this program must not replace; `SystemError`.
    static func record(
        at path: FilePath, _ read: (FilePath) throws(InputsError) -> InputsRecord?
    ) throws -> Part<InputsRecord> {
        if let complaint = try complaint(about: path) { return .damaged(complaint) }
        do {
            return try read(path).map { .present($0) } ?? .missing
        } catch let error {
            switch error.kind {
            case .conflictMarkers: return .conflicted
            case .olderAlgorithm(let rules): return .outdated(rules)
            case .damagedDocument: return .damaged(error.description)
            default: throw error
            }
        }
    }

    /// What is wrong with a file that is there and is no regular one; nil where nothing is.
    static func complaint(about path: FilePath) throws -> String? {
        guard let status = try FileStatus.of(path), status.kind != .file else { return nil }
        return status.kind.complaint
    }

    /// The MD5 in the sidecar.
    static func sidecar(at path: FilePath) throws -> Part<String> {
        if let complaint = try complaint(about: path) { return .damaged(complaint) }
        guard let bytes = try Files.readPlain(path, limit: 1 << 20) else { return .missing }
        let text = String(decoding: bytes, as: UTF8.self)
        if text.contains("<<<<<<<") || text.contains(">>>>>>>") { return .conflicted }
        let digits = text.prefix { !$0.isWhitespace }
        guard digits.count == 32, digits.allSatisfy({ $0.isHexDigit && !$0.isUppercase }) else {
            return .damaged("it is not an MD5 in hexadecimal")
        }
        return .present(String(digits))
    }
}
