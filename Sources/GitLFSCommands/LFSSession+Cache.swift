import CommandSession
import Configuration
import Console
import LFS
import SystemCalls

extension LFSSession {
    /// The folder of images, relative to the work tree, as cache-image.yml says.
    ///
    /// A file that cannot be read, or that the checkout leaves out, must not stop a verb that destroys nothing: it is
    /// warned of, and the default is taken.
    ///
    /// - Parameter isVital: Whether the verb would do harm with another folder than the file names.
    func cacheFolder(isVital: Bool = false) throws -> RelativePath {
        var overrides = Overrides()
        overrides[.config] = options.config
        do {
            let configuration = try ProjectConfiguration.load(
                overrides, from: folder, workTree: repository.workTree, environment: repository.environment,
                refusal: Session.refusal(in: repository))
            if let path = repository.relativePath(of: configuration.cacheDirectory), !path.bytes.isEmpty { return path }
        } catch {
            if isVital { throw error }
            let failure = Failure(describing: error)
            try Session.terminal(options, program: "cache-image").warning(
                "\(failure.message); \(CacheFolder.standard) is taken for the folder of images", hint: failure.hint)
        }
        return CacheFolder.standard
    }
}
