import Configuration
import Git
import LFS
import Programs
import SystemCalls
import SystemPackage

extension CacheWorkspace {
    /// Whether the files of an image's entry are staged: in a repository, unless told not to or git-ignored.
    func stages(_ image: ImageDeclaration) -> Bool {
        guard configuration.git.stage == .automatic, let repository,
            let path = repository.relativePath(of: paths(of: image).archive)
        else { return false }
        return (try? repository.isLocalOnly(path)) != true
    }

    /// Brings `.gitattributes` into the state that an entry needs, before the inputs are read; whether it changed.
    @discardableResult
    func prepareAttributes(for image: ImageDeclaration) throws -> Bool {
        guard stages(image), let repository, let cache = repository.relativePath(of: folder),
            try stagingObstacle() == nil
        else { return false }
        return try CacheAttributes.ensure(in: repository, cache: cache)
    }

    /// Stages the files of an entry: the archive as its pointer, the small files as they are; nil, or why it failed.
    func stage(_ image: ImageDeclaration, pointer: Pointer) async throws -> String? {
        guard stages(image), let repository else { return nil }
        if let obstacle = try stagingObstacle() { return obstacle }
        let paths = paths(of: image)
        guard let archive = repository.relativePath(of: paths.archive) else { return nil }
        teachGit(repository)
        let files = smallFiles(of: paths).compactMap { repository.relativePath(of: $0) }
        do {
            try await repository.stage(archives: [archive: pointer], files: files + [AttributesFile.name])
            return nil
        } catch let error as GitError {
            return error.reason + (error.hint.map { " (\($0))" } ?? "")
        } catch let error as SystemError {
            return error.description
        }
    }

    /// Stages the files of a usable entry that Git's index lacks, or holds in other versions.
    func stageIfNeeded(_ inspection: EntryInspection) async throws -> String? {
        guard try needsStaging(inspection), let provenance = inspection.recorded?.provenance else { return nil }
        let pointer = pointer(for: provenance)
        if case .file = inspection.files.archive { try keepObject(pointer, from: inspection.paths.archive) }
        return try await stage(inspection.image, pointer: pointer)
    }

    /// Whether the index lacks a file of the entry, holds another archive, or has it in conflict; or the store lacks the
    /// object of an archive that is here, so that no push would work.
    func needsStaging(_ inspection: EntryInspection) throws -> Bool {
        guard stages(inspection.image), let repository, let index = try? repository.index(),
            let archive = repository.relativePath(of: inspection.paths.archive),
            let provenance = inspection.recorded?.provenance
        else { return false }
        let pointer = pointer(for: provenance)
        if index.entry(at: archive)?.id != ObjectID(ofBlob: pointer.encoded) { return true }
        if case .file = inspection.files.archive, try !ObjectStore(repository).holds(pointer) { return true }
        return smallFiles(of: inspection.paths).contains { file in
            repository.relativePath(of: file).map { index.entry(at: $0) == nil } ?? false
        }
    }

    /// The files beside the archive that are there.
    private func smallFiles(of paths: EntryPaths) -> [FilePath] {
        [paths.sidecar, paths.record, paths.baseLock].filter { Files.exists($0) }
    }

    /// At the first staging in a clone Git learns how to filter and push archives, where no other program does that.
    private func teachGit(_ repository: Repository) {
        let program = ProgramWord.forShell(
            ProgramWord.current.removingLastComponent().appending("cache-image"), environment: environment)
        do {
            if try FilterInstallation(repository, program: program).install() {
                events.note("set filter.lfs in the repository's configuration: Git has no other program for LFS files")
            }
            switch try PrePushHook(repository, program: program).install() {
            case .installed, .repaired: events.note("installed the pre-push hook: git push uploads archives first")
            case .upToDate: break
            case .foreign(let path, let lines):
                events.warning(
                    "left the pre-push hook \(path) alone, so git push uploads no archives",
                    "add to it: \(lines.joined(separator: "; ")); or use cache-image push")
            case .switchedOff(let path):
                events.warning(
                    "hooks are switched off by core.hooksPath (\(path)), so git push uploads no archives",
                    "cache-image push uploads them")
            }
            _ = try? Files.remove(unfinishedPath)
        } catch {
            let hint = (error as? GitError)?.hint ?? "cache-image lfs install"
            events.warning("git is not set up for LFS: \(error)", hint)
            _ = try? Files.createPlain(unfinishedPath).close()
        }
    }

    /// Says that Git could not be taught, so that the next command that finds it tries again.
    private var unfinishedPath: FilePath { state.own.appending("git-setup-unfinished") }

    /// Teaches Git what an earlier command could not, be it that another Git was at work.
    func finishTeachingGit(for image: ImageDeclaration) {
        guard let repository, Files.exists(unfinishedPath), stages(image) else { return }
        teachGit(repository)
    }
}
