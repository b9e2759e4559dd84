import Configuration
import Git
import LFS
import Programs
import SystemCalls
import SystemPackage

extension CacheWorkspace {
    /// Whether the files of an image's entry are staged: in a repository, unless told not to or all git-ignored.
    func stages(_ image: ImageDeclaration) -> Bool {
        guard configuration.git.stage == .automatic, let repository else { return false }
        let paths = paths(of: image)
        let own = [paths.archive, paths.sidecar, paths.record].compactMap { repository.relativePath(of: $0) }
        return own.count == 3 && own.contains { (try? repository.isLocalOnly($0)) != true }
    }

    /// The check of what Git will commit of an image's entry.
    private func check(_ image: ImageDeclaration, in repository: Repository) -> StagingCheck {
        let paths = paths(of: image)
        let small = [paths.sidecar, paths.record] + (Files.exists(paths.baseLock) ? [paths.baseLock] : [])
        return StagingCheck(
            repository, archives: [paths.archive].compactMap { repository.relativePath(of: $0) },
            files: small.compactMap { repository.relativePath(of: $0) }, rules: [AttributesFile.name])
    }

    /// Brings `.gitattributes` into the state that an entry needs, before the inputs are read; whether it changed.
    ///
    /// Where Git will not take the entry anyway, nothing is changed.
    @discardableResult
    func prepareAttributes(for image: ImageDeclaration) throws -> Bool {
        guard stages(image), let repository, let cache = repository.relativePath(of: folder),
            try check(image, in: repository).obstacleOfPlace() == nil
        else { return false }
        let paths = paths(of: image)
        return try CacheAttributes.ensure(
            in: repository, cache: cache,
            files: [paths.archive, paths.sidecar, paths.record, paths.baseLock].compactMap {
                repository.relativePath(of: $0)
            })
    }

    /// Stages the files of an entry: the archive as its pointer, the small files as they are; nil, or why it failed.
    func stage(_ image: ImageDeclaration, pointer: Pointer) async throws -> StagingFailure? {
        guard stages(image), let repository else { return nil }
        let paths = paths(of: image)
        guard let archive = repository.relativePath(of: paths.archive) else { return nil }
        let files = smallFiles(of: paths).compactMap { repository.relativePath(of: $0) }
        do {
            if let obstacle = try check(image, in: repository).obstacleOfPlace() { throw obstacle }
            teachGit(repository)
            try await repository.stage(archives: [archive: pointer], files: files, rules: [AttributesFile.name])
            return nil
        } catch let error as GitError {
            return StagingFailure(reason: error.reason, hint: error.hint)
        } catch let error as SystemError {
            return StagingFailure(reason: error.description, hint: nil)
        }
    }

    /// Stages the files of a usable entry that Git's index lacks, or holds in other versions.
    func stageIfNeeded(_ inspection: EntryInspection) async throws -> StagingFailure? {
        guard try needsStaging(inspection), let provenance = inspection.recorded?.provenance else { return nil }
        let pointer = pointer(for: provenance)
        if case .file = inspection.files.archive { try keepObject(pointer, from: inspection.paths.archive) }
        return try await stage(inspection.image, pointer: pointer)
    }

    /// Whether the index lacks a file of the entry, holds another archive, or has it in conflict; or the store lacks the
    /// object of an archive that is here, so that no push would work; or Git would convert a file at the next `git add`.
    func needsStaging(_ inspection: EntryInspection) throws -> Bool {
        guard stages(inspection.image), let repository, let index = try? repository.index(),
            let archive = repository.relativePath(of: inspection.paths.archive),
            let provenance = inspection.recorded?.provenance
        else { return false }
        let pointer = pointer(for: provenance)
        if index.entry(at: archive)?.id != ObjectID(ofBlob: pointer.encoded) { return true }
        if case .file = inspection.files.archive, try !ObjectStore(repository).holds(pointer) { return true }
        if try check(inspection.image, in: repository).obstacleOfConversion() != nil { return true }
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
