import Configuration
import Programs
import SystemCalls
import SystemPackage

extension CacheWorkspace {
    /// The folder that the cache folder's real path must not leave: the work tree, else the project.
    private var boundary: FilePath { configuration.repository ?? configuration.root }

    /// The cache folder without links; nil where one leads out of the work tree.
    func realFolder() throws(SystemError) -> FilePath? {
        try Files.resolved(folder, below: boundary)
    }

    /// Refuses to write where a link in the place of the cache folder leads out of the work tree.
    func checkFolder() throws {
        guard let real = try realFolder() else {
            throw ConfigurationError(
                "cannot write to \(shownFolder): it is a link that leads out of \(boundary), or in a circle",
                hint:
                    "rm \(ShellWord.quoted(folder.string)), or name another folder by cache: in \(ConfigurationFile.name)"
            )
        }
        if let status = try FileStatus.of(real), status.kind != .directory {
            throw ConfigurationError("cannot write to \(shownFolder): \(status.kind.complaint)")
        }
    }

    /// Why the files of the cache folder cannot be staged; nil where they can.
    func stagingObstacle() throws(SystemError) -> String? {
        if try realFolder() == folder { return nil }
        return "\(shownFolder) is a link to another folder, and Git keeps nothing behind a link"
    }

    private var shownFolder: String {
        folder.relative(to: boundary)?.description ?? folder.string
    }
}
