import Git
import Programs
import SystemCalls
import SystemPackage

/// Finds objects without a server: the store, those it borrows from, and remotes on this machine.
public struct ObjectResolver {
    /// The repository's own store.
    public let store: ObjectStore
    private let repository: Repository
    private let lfsURL: String?

    /// Looks for the objects of a repository.
    ///
    /// - Parameters:
    ///   - repository: The repository.
    ///   - lfsURL: `lfs.url` where `.lfsconfig` sets it.
    public init(_ repository: Repository, lfsURL: String? = nil) throws {
        self.repository = repository
        self.lfsURL = lfsURL
        store = try ObjectStore(repository)
    }

    /// The file of an object; nil where it is nowhere on this machine.
    ///
    /// What a remote on this machine holds is checked against its digest and taken into the store.
    public func find(_ pointer: Pointer) throws -> FilePath? {
        if let file = try store.find(pointer) { return file }
        var damaged: LFSError?
        for remote in try LocalRemote.all(of: repository, lfsURL: lfsURL) {
            guard let file = try remote.store.find(pointer) else { continue }
            let found = try Pointer.of(file, isGiven: true)
            guard found.oid == pointer.oid else {
                damaged = LFSError(
                    .corrupt, "fetch", "LFS object \(pointer.oid.hexadecimal)",
                    "\(file.string) of remote \(remote.name) holds other bytes (\(found.oid.hexadecimal))")
                continue
            }
            do {
                try store.insert(file, as: pointer, by: .linking)
                return store.path(of: pointer.oid)
            } catch let error as SystemError where Self.isReadOnly(error) {
                return file
            }
        }
        if let damaged { throw damaged }
        return nil
    }

    private static func isReadOnly(_ error: SystemError) -> Bool {
        error.errno == .permissionDenied || error.errno == .readOnlyFileSystem
    }

    /// Whether `-I` takes a path as this path alone: it is a list of patterns, and a comma in one cannot be escaped.
    private static func isLiteral(_ path: RelativePath) -> Bool {
        !path.bytes.contains { ",*?[]\\!#".utf8.contains($0) }
    }

    /// The file of an object, or an error that names the object, where it was looked for and the next command.
    public func require(_ pointer: Pointer, path: RelativePath? = nil) throws -> FilePath {
        if let file = try find(pointer) { return file }
        var places = [store.objects.string] + store.references.map(\.string)
        places += try LocalRemote.all(of: repository, lfsURL: lfsURL).map { "remote \($0.name)" }
        let name = "LFS object \(pointer.oid.hexadecimal)" + (path.map { " of \($0)" } ?? "")
        throw LFSError(
            .missing, "find", name, "it is not in \(places.joined(separator: ", "))",
            hint: path.flatMap { Self.isLiteral($0) ? "cache-image lfs pull -I \(ShellWord.shown($0))" : nil }
                ?? "cache-image lfs fetch")
    }
}
