import Archive
import Configuration
import Hashing
import LFS
import OCI
import Records
import SystemPackage

/// What reading every byte of an entry showed.
public struct Verification: Sendable {
    /// The image.
    public let image: ImageName
    /// The state of the entry to the present inputs, from the outside.
    public let state: EntryState
    /// Where the bytes of the archive were read: the work tree or the object store; nil where they are not here.
    public let archive: FilePath?
    /// The archive's bytes.
    public let size: Int64
    /// What does not agree, one sentence each; empty for a sound entry.
    public let problems: [String]
}

extension CacheWorkspace {
    /// Reads everything of an entry and changes nothing: archive, blobs, pointer, sidecar and record must agree.
    ///
    /// A missing entry is `CacheError.entryMissing`; an object that is not here is fetched, unless offline.
    public func verify(_ image: ImageDeclaration) async throws -> Verification {
        let inspection = try inspect(image)
        var problems: [String] = []
        var size: Int64 = 0
        var path: FilePath?
        let provenance = inspection.recorded?.provenance
        switch inspection.files.archive {
        case .missing:
            throw CacheError.entryMissing(
                image: image.name.description, reason: inspection.reasons.first?.description ?? "nothing is cached")
        case .pointer(let pointer):
            // The object of a pointer that is not the record's says nothing, and may be nowhere.
            if provenance.map({ self.pointer(for: $0) == pointer }) ?? true {
                path = try await object(pointer, of: image.name.description)
            }
        case .file(size: 0): break
        case .file: path = inspection.paths.archive
        case .unusable: break
        }
        if case .file(size: 0) = inspection.files.archive, provenance == nil { problems.append("the archive is empty") }
        if let path {
            let read = try Self.read(path)
            size = read.archive?.size ?? 0
            problems += read.archive.map { Self.disagreements($0, provenance) } ?? [read.problem]
            if let other = read.archive.flatMap({ inspection.inputs.foreignPlatform($0.config.platform) }) {
                problems.append(
                    "the archive holds an image for \(other), the entry is for \(inspection.inputs.imagePlatform)")
            }
        }
        for reason in inspection.reasons where reason.name.isAboutEntry { problems.append(reason.description) }
        return Verification(
            image: image.name, state: inspection.state, archive: path, size: size, problems: problems)
    }

    /// Reads an archive to its end; nil and what is wrong where it is damaged.
    private static func read(_ path: FilePath) throws -> (archive: CanonicalArchive?, problem: String) {
        do {
            return (try ImageArchive(path).verify(), "")
        } catch {
            if error.kind != .corrupt { throw error }
            return (nil, error.description)
        }
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
}
