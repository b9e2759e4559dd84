import Git
import LFS
import OCI
import Records
import SystemCalls
import SystemPackage

/// Entries whose steps could be reused: that of the work tree, and older ones in Git whose objects are on this machine.
struct StepOffers {
    /// How many versions of an entry in Git's history are looked at.
    static let searchedVersions = 30

    let repository: Repository?
    let versions: RecordVersions
    let objects: ObjectSource

    /// An entry with steps.
    struct Offer {
        let provenance: Provenance
        let steps: StepsRecord
        /// How many operations it shares with the inputs that are built.
        let shared: Int
        /// Where the entry is, for messages.
        let place: String
        /// What stands for its files in the work tree; nil for one of another commit.
        fileprivate var form: (archive: ArchiveForm, steps: ArchiveForm)?

        /// The same without its files in the work tree, where those may be damaged; nil where nothing else is left.
        var asObjects: Offer? {
            if form == nil { return nil }
            var offer = self
            offer.form = nil
            return offer
        }
    }

    /// Why steps cannot be used.
    struct Fault: Error, CustomStringConvertible {
        let description: String
    }

    /// The entry that shares most operations with inputs, the nearest of several; nil where none has steps.
    ///
    /// The one in the work tree is asked for its record only; its objects may have to be fetched.
    ///
    /// - Parameters:
    ///   - inspection: The entry in the work tree.
    ///   - wanted: What is built.
    ///   - makers: The builders whose steps are found again; steps of others share nothing.
    func best(for inspection: EntryInspection, _ wanted: InputsRecord, by makers: Set<String>) throws -> Offer? {
        var offers: [Offer] = []
        if let record = inspection.recorded,
            let own = offer(
                record, for: wanted, at: "in the cache folder",
                form: (inspection.archive, try ArchiveForm.at(inspection.paths.steps)))
        {
            offers.append(own)
        }
        let all = wanted.operations.count
        func shared(_ offer: Offer) -> Int { makers.contains(offer.steps.builder) ? offer.shared : 0 }
        if offers.first.map(shared) != all { offers += try older(than: inspection, wanted) }
        return StepMatch.best(offers.map(shared)).map { offers[$0] }
    }

    private func offer(
        _ record: InputsRecord, for wanted: InputsRecord, at place: String,
        form: (archive: ArchiveForm, steps: ArchiveForm)? = nil
    ) -> Offer? {
        guard let provenance = record.provenance, let steps = provenance.steps else { return nil }
        if let form, form.archive.bytes == .nowhere || form.steps.bytes == .nowhere { return nil }
        // Of a record with this key only the beginning was read.
        let shared = record.key == wanted.key ? wanted.operations.count : StepMatch.shared(wanted, with: record)
        return Offer(provenance: provenance, steps: steps, shared: shared, place: place, form: form)
    }

    /// The entries in the history of HEAD and on branches whose objects are on this machine.
    private func older(than inspection: EntryInspection, _ wanted: InputsRecord) throws -> [Offer] {
        guard let repository, let path = repository.relativePath(of: inspection.paths.record) else { return [] }
        var offers: [Offer] = []
        for version in try versions.all(of: path).prefix(Self.searchedVersions) {
            guard let bytes = try? repository.blob(version.blob, limit: InputLimit.recordInHistory),
                let head = try? InputsRecord.read(bytes, named: version.place, .decision),
                let provenance = head.provenance, let steps = provenance.stepsPointer,
                objects.local(provenance.pointer.oid) != nil, objects.local(steps.oid) != nil,
                let record = try? InputsRecord.read(bytes, named: version.place, .head),
                let offer = offer(record, for: wanted, at: version.place)
            else { continue }
            offers.append(offer)
        }
        return offers
    }

    /// The files of an offer: archive and steps archive, fetched where the work tree has pointers.
    func files(of offer: Offer, _ image: ImageName) async throws -> (archive: FilePath, steps: FilePath) {
        let own = offer.form
        return (
            try await file(own?.archive ?? .pointer(offer.provenance.pointer), image),
            try await file(
                own?.steps ?? .pointer(Pointer(oid: offer.steps.archiveDigest, size: offer.steps.archiveSize)), image)
        )
    }

    private func file(_ form: ArchiveForm, _ image: ImageName) async throws -> FilePath {
        switch form.bytes {
        case .file(let path): return path
        case .object(let pointer): return try await objects.object(pointer, of: image.description)
        case .nowhere: throw Fault(description: "their archive is missing")
        case .unreadable(let complaint): throw Fault(description: "their archive cannot be read: \(complaint)")
        }
    }
}
