import Archive
import Configuration
import Git
import Hashing
import LFS
import OCI
import Records
import SystemCalls
import SystemPackage

/// What reading every byte of an entry showed.
public struct Verification: Sendable {
    /// The image.
    public let image: ImageDeclaration
    /// The state of the entry to the present inputs, from the outside.
    public let state: EntryState
    /// Where the bytes of the archive were read: the work tree or the object store; nil where they are not here.
    public let archive: FilePath?
    /// The archive's bytes that were read.
    public let size: Int64
    /// What does not agree; empty for a sound entry.
    public let findings: [Finding]

    /// Whether bytes are not as they were written.
    public var isDamaged: Bool { findings.contains(where: \.isDamage) }
}

/// Reads everything of entries and changes nothing.
public struct EntryVerifier {
    let repository: Repository?
    let inspector: EntryInspector
    let objects: ObjectSource

    /// Reads everything of an entry: archive, blobs, pointer, steps, sidecar, record, lock and LFS object must agree.
    ///
    /// A missing entry is `CacheError.entryMissing`; an object that is not here is fetched, unless offline.
    ///
    /// - Parameters:
    ///   - image: The image.
    ///   - percent: How much of the layers is read; less than 100 leaves the rest to chance and another time.
    ///
    /// A version that another command stores meanwhile is looked at anew.
    public func verify(_ image: ImageDeclaration, percent: Int = 100) async throws -> Verification {
        let record = inspector.store.paths(of: image).record
        for _ in 0..<20 {
            let before = try FileStatus.of(record)
            let verification = try await verifyPresent(image, percent: percent)
            if verification.findings.isEmpty { return verification }
            // The files of an entry get their names one after the other.
            try await Task.sleep(for: .milliseconds(20))
            if try FileStatus.of(record) == before { return verification }
        }
        return try await verifyPresent(image, percent: percent)
    }

    private func verifyPresent(_ image: ImageDeclaration, percent: Int) async throws -> Verification {
        let inspection = try inspector.inspect(image)
        var findings = inspection.reasons.compactMap { Finding($0) }
        func add(_ more: [Finding]) {
            // What a merge left is no damage, and needs no second finding.
            findings += more.filter { new in
                !findings.contains { $0.part == new.part && ($0.isDamage || $0.repair == .update) }
            }
        }
        let read = try await archiveFindings(inspection, percent: percent)
        add(read.findings)
        if let config = read.config {
            add(try StepsVerifier(objects: objects).findings(of: inspection, beside: config))
        }
        add(try recordFindings(inspection))
        add(try sidecarFindings(inspection))
        add(try pointerFindings(inspection))
        add(try lockFindings(inspection.paths.baseLock))
        if percent == 100 { add(try objectFindings(inspection)) }
        return Verification(
            image: image, state: inspection.state, archive: read.path, size: read.size, findings: findings)
    }

    /// Whether an error leaves it open that an object can be had another time: a server did not answer, or must not be asked.
    public func mayBeHadLater(_ error: any Error) -> Bool {
        guard let error = error as? LFSError else { return false }
        switch error.kind {
        case .missing: return objects.isOffline
        case .corrupt: return false
        default: return true
        }
    }

    /// What the look from outside shows of an entry whose archive cannot be had; nil where there is no entry.
    public func verificationOfMissing(_ image: ImageDeclaration) throws -> Verification? {
        let inspection = try inspector.inspect(image)
        if inspection.reasons.contains(where: { $0.name == .entryMissing }) { return nil }
        var findings = inspection.reasons.compactMap { Finding($0) }
        if findings.isEmpty {
            findings = [Finding(.object, "the archive is neither here nor on a server", isDamage: false, .update)]
        }
        return Verification(image: image, state: inspection.state, archive: nil, size: 0, findings: findings)
    }

    // MARK: The archive

    private func archiveFindings(
        _ inspection: EntryInspection, percent: Int
    ) async throws -> (findings: [Finding], path: FilePath?, size: Int64, config: ImageConfig?) {
        let provenance = inspection.recorded?.provenance
        let isObject = inspection.archive.file == nil
        let part: Finding.Part = isObject ? .object : .archive
        guard let path = try await archive(of: inspection) else {
            if inspection.archive.isEmpty, provenance == nil {
                return ([Finding(.archive, "the archive is empty", .update)], nil, 0, nil)
            }
            return ([], nil, 0, nil)
        }
        do {
            if percent < 100, let provenance {
                let read = try Self.read(path, provenance, percent: percent)
                return ([], path, read.size, read.config)
            }
            let archive = try ImageArchive(path).verify()
            var problems = Self.disagreements(archive, provenance)
            if let other = inspection.inputs.foreignPlatform(archive.config.platform) {
                problems.append(
                    "the archive holds an image for \(other), the entry is for \(inspection.inputs.imagePlatform)")
            }
            return (problems.map { Finding(part, $0, .fetch) }, path, archive.size, archive.config)
        } catch let error as ArchiveError {
            if error.kind != .corrupt { throw error }
            return ([Finding(part, error.description, .fetch)], path, 0, nil)
        }
    }

    /// The file to read; nil where reading it would say nothing more than the look from outside does.
    private func archive(of inspection: EntryInspection) async throws -> FilePath? {
        switch inspection.archive.bytes {
        case .unreadable: return nil
        case .file where inspection.archive.isEmpty: return nil
        case .object(let pointer):
            // The object of a pointer that is not the record's says nothing, and may be nowhere.
            if let named = inspection.recorded?.provenance?.pointer, named != pointer { return nil }
        case .file, .nowhere: break
        }
        return try await objects.archive(of: inspection)
    }

    /// Reads config, manifest and headers of an archive, and a part of its layers.
    ///
    /// - Returns: The bytes of the layers that were read, and the config.
    private static func read(
        _ path: FilePath, _ provenance: Provenance, percent: Int
    ) throws -> (size: Int64, config: ImageConfig) {
        let file = try CanonicalFile(path, expecting: provenance.imageID)
        defer { file.close() }
        var seen: Set<SHA256Digest> = []
        let layers = file.layers.filter { seen.insert($0.digest).inserted }.map { ($0.digest, $0.size) }
        var generator = SystemRandomNumberGenerator()
        let chosen = LayerSubset.choose(layers, percent: percent, using: &generator)
        try file.check(without: Set(layers.map(\.0)).subtracting(chosen))
        return (layers.reduce(0) { $0 + (chosen.contains($1.0) ? $1.1 : 0) }, file.config)
    }

    private static func disagreements(_ archive: CanonicalArchive, _ provenance: Provenance?) -> [String] {
        guard let provenance else { return [] }
        var problems: [String] = []
        if archive.digest != provenance.archiveDigest {
            problems.append(
                "the archive is \(archive.digest.hexadecimal), "
                    + "the record says \(provenance.archiveDigest.hexadecimal)")
        }
        if archive.imageID != provenance.imageID {
            problems.append("the archive holds image \(archive.imageID), the record says \(provenance.imageID)")
        }
        if archive.layers.map(\.digest) != provenance.layers.map(\.digest) {
            problems.append("the archive's layers are not those of the record")
        }
        return problems
    }

    // MARK: The other files

    private func recordFindings(_ inspection: EntryInspection) throws -> [Finding] {
        let path = inspection.paths.record
        guard try FileStatus.of(path)?.kind == .file, let verdict = try RecordSum.verdict(of: path) else { return [] }
        switch verdict {
        case .sound: return []
        case .wrong: return [Finding(.record, "the record is not as it was written", .takeFromGit)]
        case .absent:
            // An older program wrote it: what Git has of it is the only witness.
            guard try differsFromGit(path) else { return [] }
            return [Finding(.record, "the record has no checksum, and Git has another one", .takeFromGit)]
        }
    }

    /// Whether Git's index has other bytes of a file.
    private func differsFromGit(_ path: FilePath) throws -> Bool {
        guard let repository, let relative = repository.relativePath(of: path),
            let entry = (try? repository.index())?.entry(at: relative),
            let bytes = try Files.readPlain(path, limit: InputLimit.record)
        else { return false }
        return ObjectID(ofBlob: bytes) != entry.id
    }

    private func sidecarFindings(_ inspection: EntryInspection) throws -> [Finding] {
        guard let md5 = inspection.recorded?.md5, try FileStatus.of(inspection.paths.sidecar)?.kind == .file,
            try Files.readPlain(inspection.paths.sidecar, limit: 1 << 20) != Array((md5 + "\n").utf8)
        else { return [] }
        return [Finding(.sidecar, "the sidecar does not hold the MD5 of the record and a line feed", .rewrite)]
    }

    private func pointerFindings(_ inspection: EntryInspection) throws -> [Finding] {
        guard case .pointer(let pointer) = inspection.archive,
            try Files.readPlain(inspection.paths.archive, limit: Pointer.maximumLength) != pointer.encoded
        else { return [] }
        return [Finding(.pointer, "the pointer is not in the form in which it is written", .rewrite)]
    }

    private func lockFindings(_ path: FilePath) throws -> [Finding] {
        guard try FileStatus.of(path)?.kind == .file, let bytes = try Files.readPlain(path, limit: InputLimit.lock)
        else { return [] }
        return BaseLock.flaws(of: bytes, named: path.string).map {
            Finding(.lock, "the lock of base images: \($0)", .takeFromGit)
        }
    }

    /// The object that is pushed for an archive that lies in the work tree.
    private func objectFindings(_ inspection: EntryInspection) throws -> [Finding] {
        guard inspection.archive.file != nil, let pointer = inspection.recorded?.provenance?.pointer,
            let path = objects.local(pointer.oid), try Pointer.of(path) != pointer
        else { return [] }
        return [Finding(.object, "the LFS object \(pointer.oid.hexadecimal) holds other bytes", .fetch)]
    }
}
