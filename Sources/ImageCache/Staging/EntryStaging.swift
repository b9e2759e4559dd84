import Configuration
import Git
import LFS
import Records
import SystemCalls
import SystemPackage

/// Puts entries into Git's index: their files, the attributes that these need, and the check of what Git will commit.
struct EntryStaging {
    let repository: Repository?
    let settings: GitSettings
    let objects: ObjectSource
    let teacher: GitTeacher

    /// Whether the files of an entry are staged: in a repository, unless told not to or all git-ignored.
    func stages(_ paths: EntryPaths) -> Bool {
        guard settings.stage == .automatic, let repository else { return false }
        let own = [paths.archive, paths.sidecar, paths.record].compactMap { repository.relativePath(of: $0) }
        return own.count == 3 && own.contains { (try? repository.isLocalOnly($0)) != true }
    }

    /// Whether the work tree holds a pointer in the archive's place, the object store the archive.
    func leavesPointer(_ paths: EntryPaths) -> Bool {
        settings.worktree == .pointer && stages(paths)
    }

    /// Brings `.gitattributes` into the state that an entry needs, before the inputs are read; whether it changed.
    ///
    /// Where Git will not take the entry anyway, nothing is changed.
    @discardableResult
    func prepareAttributes(for paths: EntryPaths) throws -> Bool {
        guard stages(paths), let repository, let cache = repository.relativePath(of: paths.folder),
            try check(paths, in: repository).obstacleOfPlace() == nil
        else { return false }
        return try CacheAttributes.ensure(
            in: repository, cache: cache,
            files: [paths.archive, paths.sidecar, paths.record, paths.baseLock].compactMap {
                repository.relativePath(of: $0)
            })
    }

    /// Stages the files of an entry: the archives as their pointers, the small files as they are; nil, or why it failed.
    ///
    /// - Parameters:
    ///   - paths: The entry's places.
    ///   - provenance: What its record says of the archives.
    func stage(
        _ paths: EntryPaths, _ provenance: Provenance?, leavingSteps: Bool = false
    ) async throws -> StagingFailure? {
        guard stages(paths), let repository, let archive = repository.relativePath(of: paths.archive), let provenance
        else { return nil }
        let steps = leavingSteps ? nil : stagedSteps(paths, provenance, in: repository)
        var archives = [archive: provenance.pointer]
        if let steps, let pointer = steps.pointer { archives[steps.path] = pointer }
        let files = smallFiles(of: paths).compactMap { repository.relativePath(of: $0) }
        do {
            if let obstacle = try check(paths, in: repository).obstacleOfPlace() { throw obstacle }
            teacher.teach(repository)
            let removed = steps.flatMap { $0.pointer == nil ? $0.path : nil }
            try await repository.stage(
                archives: archives, files: files,
                rules: [AttributesFile.name] + companions(of: paths, in: repository),
                removing: [removed].compactMap { $0 })
            return nil
        } catch let error as GitError {
            return StagingFailure(reason: error.reason, hint: error.hint)
        } catch let error as SystemError {
            return StagingFailure(reason: error.description, hint: nil)
        }
    }

    /// Stages the files of a usable entry that Git's index lacks, or holds in other versions.
    func complete(_ inspection: EntryInspection) async throws -> StagingFailure? {
        guard try lacks(inspection), let provenance = inspection.recorded?.provenance else { return nil }
        if let file = inspection.archive.file { try objects.keep(provenance.pointer, from: file) }
        if let pointer = provenance.stepsPointer, let form = try? ArchiveForm.at(inspection.paths.steps),
            let file = form.file, try !objects.holds(pointer), try form.holds(pointer, ArchiveDigests())
        {
            try objects.keep(pointer, from: file)
        }
        return try await stage(inspection.paths, provenance, leavingSteps: !Self.hasSteps(inspection))
    }

    /// Whether the steps archive in the work tree is the one that the record names; so it is said where it names none.
    private static func hasSteps(_ inspection: EntryInspection) -> Bool {
        guard let pointer = inspection.recorded?.provenance?.stepsPointer else { return true }
        return (try? ArchiveForm.at(inspection.paths.steps).stands(for: pointer, ArchiveDigests())) ?? false
    }

    /// What is to become of the steps archive in the index: it gets a pointer, or goes; nil where it stays as it is there.
    ///
    /// One that somebody deleted, or that Git is told to ignore, is left alone: a rebuild can do without.
    private func stagedSteps(
        _ paths: EntryPaths, _ provenance: Provenance, in repository: Repository
    ) -> (path: RelativePath, pointer: Pointer?)? {
        guard let path = repository.relativePath(of: paths.steps) else { return nil }
        let isThere = Files.exists(paths.steps)
        guard let pointer = provenance.stepsPointer else {
            let isKnown = (try? repository.index())?.stages(of: path).isEmpty == false
            return isThere || !isKnown ? nil : (path, nil)
        }
        let isIgnored = (try? repository.ruleIgnoring(path)) != nil
        return isThere && !isIgnored ? (path, pointer) : nil
    }

    /// Whether the index holds another steps archive than the record names, or one that there is none of.
    private func lacksSteps(_ inspection: EntryInspection, in repository: Repository) -> Bool {
        guard let provenance = inspection.recorded?.provenance, let index = try? repository.index(),
            let staged = stagedSteps(inspection.paths, provenance, in: repository)
        else { return false }
        if index.entry(at: staged.path)?.id == staged.pointer.map({ ObjectID(ofBlob: $0.encoded) }) { return false }
        return Self.hasSteps(inspection)
    }

    /// Whether the index lacks a file of the entry, holds another archive, or has it in conflict; or the store lacks the
    /// object of an archive that is here, so that no push would work; or Git would convert a file at the next `git add`.
    func lacks(_ inspection: EntryInspection) throws -> Bool {
        let paths = inspection.paths
        guard stages(paths), let repository, let index = try? repository.index(),
            let archive = repository.relativePath(of: paths.archive),
            let pointer = inspection.recorded?.provenance?.pointer
        else { return false }
        if index.entry(at: archive)?.id != ObjectID(ofBlob: pointer.encoded) { return true }
        if inspection.archive.file != nil, try !objects.holds(pointer) { return true }
        if try check(paths, in: repository).obstacleOfConversion() != nil { return true }
        if lacksSteps(inspection, in: repository) { return true }
        if companions(of: paths, in: repository).contains(where: { index.entry(at: $0) == nil }) { return true }
        return smallFiles(of: paths).contains { file in
            repository.relativePath(of: file).map { index.entry(at: $0) == nil } ?? false
        }
    }

    /// Whether the archive in the work tree was written to since Git's index took it, so that its size proves nothing.
    func isTouched(_ inspection: EntryInspection) throws -> Bool {
        guard let file = inspection.archive.file, stages(inspection.paths), let repository,
            let entry = repository.relativePath(of: file).flatMap({ (try? repository.index())?.entry(at: $0) }),
            let modified = try FileStatus.of(file)?.modified
        else { return false }
        let seconds = UInt32(truncatingIfNeeded: modified.seconds)
        let nanoseconds = UInt32(truncatingIfNeeded: modified.nanoseconds)
        // Some of Git's writers leave the nanoseconds out.
        return entry.modified.seconds != seconds
            || (entry.modified.nanoseconds != 0 && entry.modified.nanoseconds != nanoseconds)
    }

    /// Teaches Git what an earlier command could not, be it that another Git was at work.
    func finishTeaching(for paths: EntryPaths) {
        guard let repository, teacher.isUnfinished, stages(paths) else { return }
        teacher.teach(repository)
    }

    /// The check of what Git will commit of an entry.
    private func check(_ paths: EntryPaths, in repository: Repository) -> StagingCheck {
        let small = [paths.sidecar, paths.record] + (Files.exists(paths.baseLock) ? [paths.baseLock] : [])
        return StagingCheck(
            repository, archives: [paths.archive].compactMap { repository.relativePath(of: $0) },
            files: small.compactMap { repository.relativePath(of: $0) },
            rules: [AttributesFile.name] + companions(of: paths, in: repository))
    }

    /// The files beside the archive that are there.
    private func smallFiles(of paths: EntryPaths) -> [FilePath] {
        [paths.sidecar, paths.record, paths.baseLock].filter { Files.exists($0) }
    }

    /// The files elsewhere that belong to the entry and are there; Git keeps them as it keeps other files of the project.
    private func companions(of paths: EntryPaths, in repository: Repository) -> [RelativePath] {
        paths.companions.filter { Files.exists($0) }.compactMap { repository.relativePath(of: $0) }
    }
}
