import Git
import Programs
import Records
import SystemCalls
import SystemPackage

/// What one repository says of the files of a folder: which it tracks, ignores, and can prove unchanged.
///
/// Not to be used from two threads at once.
package final class GitScope {
    /// How Git converts a file between repository and work tree.
    enum Conversion {
        /// Not at all: the content is the blob.
        case none
        /// Git LFS: the blob is a pointer.
        case lfs
        /// In another way: the blob proves nothing about the bytes in the work tree.
        case other
    }

    let repository: Repository
    let index: Index
    /// The path of the folder below the work tree.
    let prefix: [UInt8]
    /// The path of the work tree below the folder: not empty for a submodule in it.
    let place: RelativePath
    /// How Git is called in this work tree, in hints.
    let command: String
    /// Whether the checkout is a sparse one.
    let isSparse: Bool
    /// Whether folders, not patterns, tell what a sparse checkout holds.
    let isCone: Bool
    private let trustsChangeTime: Bool
    let trustsMode: Bool
    private let convertsLineEnds: Bool
    private var attributes: Attributes?
    private var ignoreRules: IgnoreRules?

    /// Reads the repository's index and configuration.
    ///
    /// - Parameters:
    ///   - repository: The repository.
    ///   - prefix: The path of the folder below the work tree.
    ///   - place: The path of the work tree below the folder.
    ///   - shown: How messages name the work tree's folder, where the caller's own is not known.
    init(
        _ repository: Repository, prefix: RelativePath, place: RelativePath = "", shown: String = "."
    ) throws(InputsError) {
        self.repository = repository
        self.prefix = prefix.bytes
        self.place = place
        command = StartFolder.command("git", in: repository.workTree, otherwise: shown)
        do {
            index = try repository.index()
            let configuration = try repository.configuration()
            trustsChangeTime = try configuration.bool("core.trustctime") ?? true
            trustsMode = try configuration.bool("core.filemode") ?? true
            isSparse = try configuration.bool("core.sparsecheckout") ?? false
            isCone = try configuration.bool("core.sparsecheckoutcone") ?? false
            let autocrlf = configuration.string("core.autocrlf")?.lowercased() ?? "false"
            let eol = configuration.string("core.eol")?.lowercased() ?? "native"
            convertsLineEnds = !["false", "no", "off", "0", ""].contains(autocrlf) || eol == "crlf"
        } catch { throw Self.failure(error) }
    }

    /// An error of Git, or any other, as one of the inputs.
    static func failure(_ error: any Error) -> InputsError {
        switch error {
        case let error as InputsError: error
        case let error as GitError where error.kind == .tooLarge: InputsError(.tooLarge, error.description)
        case let error as GitError: InputsError(.system, error.description, hint: error.hint)
        default: InputsError(.system, "\(error)")
        }
    }

    /// The path below the work tree of a path below the folder.
    func repositoryPath(_ path: some Collection<UInt8>) -> RelativePath {
        var bytes = prefix
        let rest = path.dropFirst(place.bytes.isEmpty ? 0 : place.bytes.count + 1)
        if !bytes.isEmpty, !rest.isEmpty { bytes.append(UInt8(ascii: "/")) }
        bytes += rest
        return RelativePath(bytes: bytes)
    }

    /// Why entries that the checkout leaves out are not there.
    var cause: AbsentPath.Cause { isSparse ? isCone ? .sparse : .patterns : .skipped }

    /// The path below the folder of a path below the work tree.
    func folderPath(_ path: RelativePath) -> RelativePath {
        if prefix.isEmpty { return place.appending(path) }
        return RelativePath(bytes: Array(path.bytes.dropFirst(prefix.count + 1)))
    }

    /// Whether the index proves that a file holds the entry's content.
    func proves(_ entry: IndexEntry, _ status: FileStatus) -> Bool {
        index.proves(entry, status, trustsChangeTime: trustsChangeTime, trustsMode: trustsMode)
    }

    /// Whether the rules leave an untracked path out.
    func isIgnored(_ path: some Collection<UInt8>, isDirectory: Bool) throws(InputsError) -> Bool {
        do {
            let rules = try ignoreRules ?? repository.ignoreRules()
            ignoreRules = rules
            return try rules.isIgnored(repositoryPath(path), isDirectory: isDirectory)
        } catch { throw Self.failure(error) }
    }

    /// How Git converts every file directly in a folder, by its path below the work tree; nil where lines tell them apart.
    ///
    /// - Parameter isWithoutAttributes: whether the folder's listing has no `.gitattributes`.
    func conversion(in folder: RelativePath, isWithoutAttributes: Bool) throws(InputsError) -> Conversion? {
        do {
            guard try openAttributes().sayNothing(of: folder, isWithoutFile: isWithoutAttributes) else { return nil }
            return convertsLineEnds ? .other : Conversion.none
        } catch { throw Self.failure(error) }
    }

    /// How Git converts a file, by its path below the work tree.
    func conversion(of path: RelativePath) throws(InputsError) -> Conversion {
        do {
            let values = try openAttributes().values(for: path)
            switch values[0] {
            case .value("lfs"): return .lfs
            case .set, .value: return .other
            case .unset, .unspecified: break
            }
            if values[1] == .unset {
                return values[3] == .set || values[4].text != nil ? .other : .none
            }
            let isPlain = values[1] == .unspecified && !convertsLineEnds && values[2].text == nil
            return isPlain && values[3] != .set && values[4].text == nil ? .none : .other
        } catch { throw Self.failure(error) }
    }

    private func openAttributes() throws -> Attributes {
        let attributes = try attributes ?? repository.attributes(index: index)
        self.attributes = attributes
        return attributes
    }

    /// The pointer that a blob holds; nil where it is none, or not at hand.
    func pointer(_ blob: ObjectID) -> Pointer? {
        guard let bytes = try? repository.blob(blob, limit: Pointer.maximumLength) else { return nil }
        return Pointer(parsing: bytes)
    }

    /// The text of a link that a blob holds; nil where it is not at hand.
    func linkText(_ blob: ObjectID) -> [UInt8]? {
        (try? repository.blob(blob, limit: 4096)) ?? nil
    }
}
