import Glibc
import OSTemplate
import SystemCalls
import SystemPackage

extension Composer {
    /// Stands in a provider's folder of the work folder: what is beside it is ours to remove.
    static let marker: FilePath.Component = ".image-composer"

    /// Makes the folders of a build, and refuses those that somebody else could change under it.
    ///
    /// - Returns: The provider's folder in the work folder.
    func prepareFolders(for provider: Provider) throws -> FilePath {
        let work = workFolder(of: provider)
        for folder in [configuration.cacheFolder, configuration.workFolder, work] {
            try Files.createDirectories(folder, permissions: 0o755)
            try checkOwner(of: folder)
        }
        if !Files.exists(work.appending(Self.marker)) { try Files.replace(work.appending(Self.marker), with: []) }
        return work
    }

    /// Refuses a folder that belongs to a stranger, or that strangers may write to.
    private func checkOwner(of folder: FilePath) throws {
        // Both a link and what it leads to.
        for followsLinks in [false, true] {
            guard let status = try FileStatus.of(folder, followLinks: followsLinks) else { continue }
            guard status.owner == 0 || status.owner == geteuid() else {
                throw ComposerError(
                    .usage, "cannot use \(folder.string): it belongs to user \(status.owner)",
                    hint: "see what is in it, then: chown root \(folder.string), or give --cache-dir and --work-dir")
            }
            if status.kind == .directory, status.permissions & 0o022 != 0 {
                throw ComposerError(
                    .usage, "cannot use \(folder.string): others may write to it",
                    hint: "see what is in it, then: chmod go-w \(folder.string), or give --cache-dir and --work-dir")
            }
        }
    }
}
