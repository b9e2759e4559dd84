import Configuration
import Git
import Programs
import SystemCalls
import SystemPackage

/// The folder of the entries, and whether it may be written to.
struct CacheFolder {
    /// The folder, as configured.
    let path: FilePath
    /// The folder that its real path must not leave: the work tree, else the project.
    private let boundary: FilePath
    /// Git's own folders.
    private let gitFolders: [FilePath]

    init(_ configuration: ProjectConfiguration, repository: Repository?) {
        path = configuration.cacheDirectory
        boundary = configuration.repository ?? configuration.root
        gitFolders = [repository?.gitDirectory, repository?.commonDirectory].compactMap { $0 }
    }

    /// The folder without links; nil where one leads out of the work tree.
    func real() throws(SystemError) -> FilePath? {
        try Files.resolved(path, below: boundary)
    }

    /// Refuses to write where a link in the place of the folder leads out of the work tree.
    func check() throws {
        guard let real = try real() else {
            throw ConfigurationError(
                "cannot write to \(shown(path)): it is a link that leads out of \(boundary), or in a circle",
                hint: "rm \(ShellWord.shown(path)), or name another folder by cache: in \(ConfigurationFile.name)")
        }
        if isInGitFolder(real) {
            throw ConfigurationError(
                "cannot write to \(shown(path)): it is a link into Git's own folder",
                hint: "rm \(shown(path)), or name another folder by cache: in \(ConfigurationFile.name)")
        }
        if let status = try FileStatus.of(real), status.kind != .directory {
            throw ConfigurationError("cannot write to \(shown(path)): \(status.kind.complaint)")
        }
    }

    /// Whether a folder belongs to Git, wherever that keeps its files.
    private func isInGitFolder(_ real: FilePath) -> Bool {
        real.isInGitFolder(below: boundary) || gitFolders.contains { real.starts(with: $0) }
    }

    /// A path for messages: below the work tree without that.
    func shown(_ path: FilePath) -> String {
        path.relative(to: boundary)?.description ?? path.string
    }
}
