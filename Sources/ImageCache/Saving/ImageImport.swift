import Archive
import Configuration
import Git
import LFS
import OCI
import SystemCalls
import SystemPackage

/// `import`: stores the image of an archive file.
public struct ImageImport {
    let access: WriteAccess
    let entry: EntryPreparation
    let saver: EntrySaver

    /// Stores an image of an archive file under the key of the present inputs, like `save`.
    ///
    /// - Parameters:
    ///   - file: An archive of any form that docker, podman, buildah or skopeo write.
    ///   - image: The declared image that it becomes.
    ///   - selection: Which image to take where the archive holds several; nil for the declared name, or the only one.
    public func store(
        _ file: FilePath, as image: ImageDeclaration, selecting selection: ImageName?
    ) async throws -> Outcome {
        let start = ContinuousClock.now
        if !image.isCached { throw CacheError.notCached(image: image.name.description) }
        return try await access.run {
            let inspection = try entry.prepared(image)
            var transaction = try EntryTransaction(inspection.paths)
            defer { transaction.rollBack() }
            let temporary = transaction.temporary(for: inspection.paths.archive)
            let archive = try canonical(
                file, as: image.name, selecting: selection, to: temporary, inspection.inputs.imagePlatform)
            if let other = inspection.inputs.foreignPlatform(archive.config.platform) {
                throw CacheError.foreignPlatform(
                    verb: "import", object: file.string, found: other, expected: inspection.inputs.imagePlatform)
            }
            return try await saver.store(
                archive, at: temporary, .init(inputs: inspection.inputs, origin: .imported), over: inspection,
                in: &transaction, start: start)
        }
    }

    /// Brings a given archive into the canonical form; `-` is standard input.
    private func canonical(
        _ file: FilePath, as name: ImageName, selecting selection: ImageName?, to target: FilePath,
        _ platform: Platform
    ) throws -> CanonicalArchive {
        if file == "-" {
            return try ImageArchive.canonicalise(
                stream: .standardInput, named: "standard input", as: name, to: target, platform: platform)
        }
        if let status = try FileStatus.of(file, followLinks: true), status.kind == .file, status.size > 0,
            status.size < Pointer.maximumLength, let bytes = try Files.read(file), Pointer(parsing: bytes) != nil
        {
            throw LFSError(
                .missing, "import", file.string, "it is a Git LFS pointer, not the archive that it stands for",
                hint: "cache-image pull, or git lfs pull in the repository that it comes from")
        }
        return try ImageArchive(file, isGiven: true).canonicalise(
            selecting: selection, as: name, to: target, platform: platform)
    }
}
