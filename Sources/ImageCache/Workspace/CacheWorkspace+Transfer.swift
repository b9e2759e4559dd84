import Archive
import Configuration
import Git
import LFS
import OCI
import Records
import SystemCalls
import SystemPackage

extension CacheWorkspace {
    /// Stores an image of an archive file under the key of the present inputs, like `save`.
    ///
    /// - Parameters:
    ///   - file: an archive of any form that docker, podman, buildah or skopeo write.
    ///   - image: the declared image that it becomes.
    ///   - selection: which image to take where the archive holds several; nil for the declared name, or the only one.
    public func importArchive(
        _ file: FilePath, as image: ImageDeclaration, selecting selection: ImageName?
    ) async throws -> Outcome {
        let start = ContinuousClock.now
        if !image.isCached { throw CacheError.notCached(image: image.name.description) }
        return try await withLock {
            try resolveConflicts(of: image)
            try prepareAttributes(for: image)
            let inspection = try inspect(image)
            var transaction = try EntryTransaction(inspection.paths)
            defer { transaction.rollBack() }
            let temporary = transaction.temporary(for: inspection.paths.archive)
            let archive = try canonical(
                file, as: image.name, selecting: selection, to: temporary, inspection.inputs.imagePlatform)
            if let other = inspection.inputs.foreignPlatform(archive.config.platform) {
                throw CacheError.foreignPlatform(
                    verb: "import", object: file.string, found: other, expected: inspection.inputs.imagePlatform)
            }
            let provenance = Provenance(
                imageID: archive.imageID, archiveDigest: archive.digest, archiveSize: Size(archive.size),
                layers: archive.layers.map { .init(digest: $0.digest, size: Size($0.size)) }, origin: .imported,
                commit: try repository?.head()?.hexadecimal)
            let written = try await write(
                inputs: inspection.inputs, provenance: provenance, archive: temporary, config: archive.config,
                lock: nil, over: inspection, in: &transaction)
            return Outcome(
                image: image.name, action: written.isUnchanged ? .current : .saved, key: inspection.inputs.key,
                imageID: provenance.imageID, duration: .now - start, reasons: inspection.reasons, bytesSent: 0,
                stagingFailure: written.failure)
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

    /// Writes the archive of an entry in another form.
    public func exportArchive(
        of image: ImageDeclaration, to file: FilePath, format: ExportFormat, compression: Compression
    ) async throws {
        let inspection = try inspect(image)
        if inspection.state == .corrupt {
            throw CacheError.entryCorrupt(
                image: image.name.description, reason: inspection.reasons.first?.description ?? "its files disagree")
        }
        let path: FilePath
        switch inspection.files.archive {
        case .missing:
            throw CacheError.entryMissing(image: image.name.description, reason: "nothing is cached")
        case .pointer(let pointer): path = try await object(pointer, of: image.name.description)
        case .file, .unusable: path = inspection.paths.archive
        }
        if inspection.state == .stale {
            events.warning("the entry of \(image.name) is stale", "cache-image update \(image.name)")
        }
        try ImageArchive(path).export(as: image.name, format: format, compression: compression, to: file)
    }
}
