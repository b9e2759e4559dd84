import Records
import SystemCalls
import SystemPackage

/// What the files of one entry look like from outside: sizes and small contents, the archive itself not read.
struct EntryFiles {
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

    let archive: ArchiveForm
    let record: Part<InputsRecord>
    let sidecar: Part<String>

    /// Whether nothing of the entry is there.
    var isEmpty: Bool {
        if case .missing = record, case .missing = sidecar, archive == .nothing { return true }
        return false
    }

    /// Whether the record or the sidecar holds Git's conflict markers.
    var isConflicted: Bool {
        if case .conflicted = record { return true }
        if case .conflicted = sidecar { return true }
        return false
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
