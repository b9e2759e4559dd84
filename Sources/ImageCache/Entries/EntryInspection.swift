import Configuration
import DockerfileRecipe
import OCI
import Records
import SystemPackage

/// How one entry stands to the present inputs, with what was looked at.
public struct EntryInspection {
    /// The image.
    public let image: ImageDeclaration
    /// The entry's places.
    public let paths: EntryPaths
    /// The present inputs.
    public let inputs: ImageInputs
    /// The state: the first that applies.
    public let state: EntryState
    /// Why the entry is not up to date; empty for a usable one.
    public let reasons: [Reason]
    /// The record, where the entry has a sound one: its first part, or all of it where it has another key.
    public let recorded: InputsRecord?
    let files: EntryFiles

    /// Whether the record says that it was made of the present inputs.
    var hasPresentKey: Bool { recorded?.key == inputs.key }
}

extension CacheWorkspace {
    /// Says how an image's entry stands to the present inputs; reads no archive and changes nothing.
    public func inspect(_ image: ImageDeclaration) throws -> EntryInspection {
        try inspect(image, inputs: try inputs(of: image))
    }

    /// Says how an image's entry stands to these inputs.
    func inspect(_ image: ImageDeclaration, inputs: ImageInputs) throws -> EntryInspection {
        let paths = paths(of: image)
        let files = try entryFiles(paths, .comparison(with: inputs.key))
        var (state, reasons) = try judge(files, inputs: inputs, paths: paths)
        if let complaint = try baseLock(of: image).complaint {
            if state.isUsable { state = .stale }
            let damage = complaint.kind == .damagedDocument ? complaint.description : nil
            reasons.append(Reason(.conflictMarkers, path: paths.baseLock.lastComponent?.string, new: damage))
        }
        return EntryInspection(
            image: image, paths: paths, inputs: inputs, state: state, reasons: reasons,
            recorded: files.record.content, files: files)
    }

    /// Looks at an entry's files, its record as far as `extent` says.
    ///
    /// An archive that is missing is restored by what the record says of it, so then all of it is read.
    func entryFiles(_ paths: EntryPaths, _ extent: InputsRecord.Extent) throws -> EntryFiles {
        let archive = try EntryFiles.archive(at: paths.archive)
        return EntryFiles(
            archive: archive,
            record: try EntryFiles.record(at: paths.record) { path throws(InputsError) in
                try shelf.record(at: path, archive == .missing ? .all : extent)
            },
            sidecar: try sidecars.value(of: paths.sidecar) { try EntryFiles.sidecar(at: paths.sidecar) } ?? .missing)
    }

    private func judge(
        _ files: EntryFiles, inputs: ImageInputs, paths: EntryPaths
    ) throws -> (EntryState, [Reason]) {
        let recorded = files.record.content
        var keyReasons: [Reason] = []
        if let recorded, recorded.key != inputs.key {
            keyReasons = inputs.reasons(since: recorded, repository: repository)
        }
        if case .outdated(let rules) = files.record {
            keyReasons = [Reason(.keyRulesChanged, old: rules, new: InputsRecord.currentAlgorithm)]
        }
        if files.archive == .missing {
            return (.missing, [Reason(files.isEmpty ? .entryMissing : .archiveMissing)] + keyReasons)
        }
        if case .unusable(let complaint) = files.archive {
            return (.corrupt, [Reason(.archiveUnusable, new: complaint)] + keyReasons)
        }
        if let provenance = recorded?.provenance, let reason = disagreement(files.archive, provenance) {
            return (.corrupt, [reason] + keyReasons)
        }
        var reasons: [Reason] = []
        switch files.record {
        case .outdated: return (.stale, keyReasons)
        case .missing: reasons.append(Reason(.recordMissing))
        case .damaged(let text): reasons.append(Reason(.recordMissing, new: text))
        case .conflicted: reasons.append(Reason(.conflictMarkers, path: paths.record.lastComponent?.string))
        case .present(let head):
            if head.provenance == nil { reasons.append(Reason(.recordMissing, new: "it names no archive")) }
        }
        switch files.sidecar {
        case .missing, .outdated: reasons.append(Reason(.sidecarMissing))
        case .damaged(let text): reasons.append(Reason(.sidecarMismatch, new: text))
        case .conflicted: reasons.append(Reason(.conflictMarkers, path: paths.sidecar.lastComponent?.string))
        case .present(let md5):
            if let recorded, recorded.md5 != md5 {
                reasons.append(Reason(.sidecarMismatch, old: recorded.md5, new: md5))
            }
        }
        reasons = keyReasons + reasons
        if !reasons.isEmpty { return (.stale, reasons) }
        if case .pointer = files.archive { return (.pointer, []) }
        return (.fresh, [])
    }

    /// Why the archive in the work tree cannot be the one that the record names; nil where it can.
    private func disagreement(_ archive: EntryFiles.Archive, _ provenance: Provenance) -> Reason? {
        switch archive {
        case .missing, .unusable: nil
        case .pointer(let pointer):
            if pointer.oid != provenance.archiveDigest {
                Reason(.pointerMismatch, old: provenance.archiveDigest.hexadecimal, new: pointer.oid.hexadecimal)
            } else if pointer.size != provenance.archiveSize {
                Reason(.pointerMismatch, old: "\(provenance.archiveSize) bytes", new: "\(pointer.size) bytes")
            } else {
                nil
            }
        case .file(let size):
            size == provenance.archiveSize
                ? nil : Reason(.archiveSize, old: provenance.archiveSize.description, new: size.description)
        }
    }
}

extension Reason.Name {
    /// Whether it is about the entry's files, not about the inputs.
    var isAboutEntry: Bool {
        switch self {
        case .entryMissing, .archiveMissing, .archiveSize, .archiveUnusable, .recordMissing, .sidecarMissing,
            .sidecarMismatch,
            .conflictMarkers, .pointerMismatch:
            true
        default: false
        }
    }
}
