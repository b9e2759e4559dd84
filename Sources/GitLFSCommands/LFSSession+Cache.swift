import CommandSession
import Configuration
import Console
import LFS
import SystemCalls

extension LFSSession {
    /// The folder of images, relative to the work tree, as cache-image.yml says.
    ///
    /// A file that cannot be read must not stop a verb of git-lfs: it is warned of, and the default is taken.
    func cacheFolder() throws -> RelativePath {
        var overrides = Overrides()
        overrides[.config] = options.config
        do {
            let configuration = try ProjectConfiguration.load(
                overrides, from: folder, workTree: repository.workTree, environment: repository.environment)
            if let path = repository.relativePath(of: configuration.cacheDirectory), !path.bytes.isEmpty { return path }
        } catch {
            let failure = Failure(describing: error)
            try Session.terminal(options, program: "cache-image").warning(
                "\(failure.message); \(CacheFolder.standard) is taken for the folder of images", hint: failure.hint)
        }
        return CacheFolder.standard
    }
}
