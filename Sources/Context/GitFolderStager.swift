import CShims
import Git
import Glibc
import Records
import SystemCalls
import SystemPackage

/// Writes a `.git` that Git can read into a staged context, for Dockerfiles that run `git describe` (rule 28).
///
/// It holds history, references and index; neither hooks nor LFS objects, and of the configuration only what tells the
/// repository's form, since remotes may name secrets.
struct GitFolderStager {
    private let gitDirectory: FilePath
    private let commonDirectory: FilePath
    private let target: FilePath

    private static let ownFiles: [RelativePath] = ["HEAD", "index"]
    private static let commonFiles: [RelativePath] = ["packed-refs", "shallow"]
    private static let commonFolders: [RelativePath] = ["refs", "objects"]

    /// Nil where `.git` is no part of the context.
    init?(_ request: ImageRequest, _ directory: FilePath) throws(InputsError) {
        guard request.keepGitDirectory else { return nil }
        let context = request.context
        let ignore = try IgnoreChoice(
            dockerfile: request.dockerfile, context: context, root: request.root
        ) { $0.string }
        if ignore.matcher?.isExcluded(".git") ?? false { return nil }
        do {
            let found =
                Files.exists(context.appending(".git"))
                ? try Repository.at(context, environment: ProcessEnvironment.current) : nil
            guard let repository = found else { return nil }
            gitDirectory = repository.gitDirectory
            commonDirectory = repository.commonDirectory
        } catch { throw GitScope.failure(error) }
        target = directory.appending(".git")
    }

    /// Writes the folder.
    func run() throws(InputsError) {
        do throws(SystemError) {
            try makeFolder(target)
            for file in Self.ownFiles { try copy(gitDirectory.appending(file), to: target.appending(file)) }
            for file in Self.commonFiles { try copy(commonDirectory.appending(file), to: target.appending(file)) }
            for folder in Self.commonFolders {
                try copy(commonDirectory.appending(folder), to: target.appending(folder))
            }
            let config = target.appending("config")
            let descriptor = try Files.create(config, permissions: 0o644)
            defer { try? descriptor.close() }
            try Files.write(
                Array("[core]\n\trepositoryformatversion = 0\n\tbare = false\n".utf8), to: descriptor,
                named: config.string)
            try ContextStager.settle(config, permissions: 0o644)
            try ContextStager.settle(target, permissions: 0o755)
        } catch { throw InputsError(error) }
    }

    private func makeFolder(_ path: FilePath) throws(SystemError) {
        try checked("create", path.string) { path.withPlatformString { mkdir($0, 0o755) } }
    }

    /// Copies a file or folder; what is not there is left out.
    private func copy(_ source: FilePath, to target: FilePath) throws(SystemError) {
        guard let status = try FileStatus.of(source) else { return }
        switch status.kind {
        case .directory:
            try makeFolder(target)
            for name in try Files.names(in: source) { try copy(source.appending(name), to: target.appending(name)) }
            try ContextStager.settle(target, permissions: 0o755)
        case .file:
            let input = try Files.openPlain(source)
            defer { try? input.close() }
            let output = try Files.create(target, permissions: 0o600)
            defer { try? output.close() }
            if cshims_reflink(input.rawValue, output.rawValue) != 0 {
                try Files.copy(input, to: output, named: source.string)
            }
            try ContextStager.settle(target, permissions: 0o644)
        default: break
        }
    }
}
