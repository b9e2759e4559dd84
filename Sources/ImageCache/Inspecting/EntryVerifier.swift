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

/// Reads everything of entries and changes nothing.
public struct EntryVerifier {
    let inspector: EntryInspector
    let objects: ObjectSource

    /// Reads everything of an entry: archives, blobs, pointer, sidecar and record must agree.
    ///
    /// A missing entry is `CacheError.entryMissing`; an object that is not here is fetched, unless offline.
    public func verify(_ image: ImageDeclaration) async throws -> Verification {
        let inspection = try inspector.inspect(image)
        let provenance = inspection.recorded?.provenance
        var problems: [String] = []
        var size: Int64 = 0
        let path = try await archive(of: inspection)
        if inspection.archive.isEmpty, provenance == nil { problems.append("the archive is empty") }
        if let path {
            let read = try Self.read(path)
            size = read.archive?.size ?? 0
            problems += read.archive.map { Self.disagreements($0, provenance) } ?? [read.problem]
            if let config = read.archive?.config {
                problems += try StepsVerifier(objects: objects).problems(of: inspection, beside: config)
            }
            if let other = read.archive.flatMap({ inspection.inputs.foreignPlatform($0.config.platform) }) {
                problems.append(
                    "the archive holds an image for \(other), the entry is for \(inspection.inputs.imagePlatform)")
            }
        }
        for reason in inspection.reasons where reason.name.isAboutEntry { problems.append(reason.description) }
        return Verification(
            image: image.name, state: inspection.state, archive: path, size: size, problems: problems)
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
