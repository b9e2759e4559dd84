import Git
import LFS
import SystemCalls
import SystemPackage

extension LFSSession {
    /// The filter that turns pointers into content, as configuration and environment want it.
    func smudgeFilter(skips: Bool) throws -> SmudgeFilter {
        let configuration = try LFSConfiguration.load(repository)
        let filter = PathFilter(
            include: PathFilter.patterns(configuration.string("lfs.fetchinclude")),
            exclude: PathFilter.patterns(configuration.string("lfs.fetchexclude")))
        let resolver = try ObjectResolver(repository, lfsURL: configuration.usableURL)
        let skip = repository.environment["GIT_LFS_SKIP_SMUDGE"].map { isTrue($0) } ?? false
        return SmudgeFilter(resolver.store, skips: skips || skip, filter: filter) { pointer, path in
            try await obtain(pointer, path: path, resolver)
        }
    }

    /// Whether objects that cannot be had leave their pointers instead of an error.
    func skipsDownloadErrors() throws -> Bool {
        if let value = repository.environment["GIT_LFS_SKIP_DOWNLOAD_ERRORS"] { return isTrue(value) }
        return try LFSConfiguration.load(repository).bool("lfs.skipdownloaderrors") ?? false
    }

    /// The file of an object, from this machine or from the server.
    func obtain(_ pointer: Pointer, path: RelativePath?, _ resolver: ObjectResolver) async throws -> FilePath {
        if let file = try resolver.find(pointer) { return file }
        if options.offline { return try resolver.require(pointer, path: path) }
        try await LFSClient(repository).fetch([TransferObject(pointer, path: path)])
        return try resolver.require(pointer, path: path)
    }

    private func isTrue(_ value: String) -> Bool {
        ["1", "true", "yes", "on", "t"].contains(value.lowercased())
    }
}
