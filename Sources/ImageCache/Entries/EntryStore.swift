import Configuration
import Git
import Recipes
import Records
import SystemCalls
import SystemPackage

/// The entries of a cache folder: where their files are, how they look, and the one way to write them.
///
/// Not to be used from two tasks at once.
public final class EntryStore {
    private let folder: FilePath
    private let repository: Repository?
    /// The records that were read.
    let shelf = RecordShelf()
    /// The archives that were read.
    let digests = ArchiveDigests()
    /// The sidecars that were read.
    private var sidecars = Remembered<EntryFiles.Part<String>>()

    init(_ folder: FilePath, repository: Repository?) {
        self.folder = folder
        self.repository = repository
    }

    /// Where the files of an image's entry lie.
    public func paths(of image: ImageDeclaration) -> EntryPaths {
        EntryPaths(folder: folder, stem: image.stem, companions: [image.recipe.lockFile].compactMap { $0 })
    }

    // MARK: Looking

    /// Says what stands for an entry's archive.
    func archive(of paths: EntryPaths) throws -> ArchiveForm {
        try ArchiveForm.at(paths.archive)
    }

    /// Looks at an entry's files, its record as far as `extent` says.
    ///
    /// An archive that is missing is restored by what the record says of it, so then all of it is read.
    func files(_ paths: EntryPaths, _ extent: InputsRecord.Extent) throws -> EntryFiles {
        let archive = try archive(of: paths)
        return EntryFiles(
            archive: archive,
            record: try EntryFiles.record(at: paths.record) { path throws(InputsError) in
                try shelf.record(at: path, archive == .nothing ? .all : extent)
            },
            sidecar: try sidecars.value(of: paths.sidecar) { try EntryFiles.sidecar(at: paths.sidecar) } ?? .missing)
    }

    /// Says how an image's entry stands to its recipe's inputs.
    ///
    /// - Parameters:
    ///   - image: The image.
    ///   - recipe: The recipe as it is now.
    ///   - complaint: Why the lock of base images cannot be read; nil where it can.
    func inspect(
        _ image: ImageDeclaration, _ recipe: any Recipe, lockComplaint complaint: InputsError?
    ) throws -> EntryInspection {
        let paths = paths(of: image)
        let inputs = recipe.inputs
        let files = try files(paths, .comparison(with: inputs.key))
        var judgement = EntryJudgement(files, key: inputs.key, names: paths) {
            inputs.reasons(since: $0, repository: repository)
        }
        if let complaint {
            judgement = judgement.adding(complaint, about: paths.baseLock.lastComponent?.string)
        }
        return EntryInspection(
            image: image, paths: paths, recipe: recipe, state: judgement.state, reasons: judgement.reasons,
            recorded: files.record.content, archive: files.archive)
    }

    // MARK: Writing

    /// Makes a new version of an entry visible, all of it at once.
    func write(_ entry: Entry, in transaction: inout EntryTransaction) throws {
        let paths = transaction.paths
        try put(entry.archive, at: paths.archive, in: &transaction)
        try put(entry.steps, at: paths.steps, in: &transaction)
        try transaction.write(entry.record, to: paths.record)
        try transaction.write(Array((entry.record.md5 + "\n").utf8), to: paths.sidecar)
        if let lock = entry.lock { try transaction.write(lock, to: paths.baseLock) }
        try transaction.commit()
    }

    private func put(_ file: Entry.File, at path: FilePath, in transaction: inout EntryTransaction) throws {
        switch file {
        case .asItIs: transaction.drop(path)
        case .written: break
        case .pointer(let pointer):
            transaction.drop(path)
            try transaction.write(pointer.encoded, to: path)
        case .copy(let source): try Files.clone(source, to: transaction.temporary(for: path))
        case .nothing: transaction.remove(path)
        }
    }

    /// The same where nothing of it is written yet.
    func write(_ entry: Entry, to paths: EntryPaths) throws {
        var transaction = try EntryTransaction(paths)
        defer { transaction.rollBack() }
        try write(entry, in: &transaction)
    }
}

/// A new version of an entry.
struct Entry {
    /// What becomes of the archive, or of the steps archive.
    enum File: Equatable {
        /// What stands for it stays.
        case asItIs
        /// The transaction's temporary file takes its place.
        case written
        /// A pointer takes its place.
        case pointer(Pointer)
        /// A copy of a file takes its place.
        case copy(of: FilePath)
        /// Nothing is left in its place.
        case nothing
    }

    var archive: File
    var steps: File
    var record: InputsRecord
    /// The lock of base images; nil leaves it alone.
    var lock: [UInt8]?
}
