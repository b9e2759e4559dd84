import Git
import Hashing
import Records
import SystemCalls
import SystemPackage
import Testing

@testable import ImageCache

/// How an entry stands to a key, by what was seen of its files.
@Suite struct EntryJudgementTests {
    private static let names = EntryPaths(folder: "/c", stem: "demo-latest")
    private static let key = SHA256Digest(of: "key".utf8)
    private static let archive = Pointer(oid: SHA256Digest(of: "archive".utf8), size: 7)
    private static let other = Pointer(oid: SHA256Digest(of: "other".utf8), size: 7)
    private static let longer = Pointer(oid: SHA256Digest(of: "archive".utf8), size: 8)
    private static let md5 = "0123456789abcdef0123456789abcdef"

    private static func record(_ key: SHA256Digest = key, namesArchive: Bool = true) -> InputsRecord {
        var record = InputsRecord()
        (record.key, record.md5) = (key, md5)
        if namesArchive {
            record.provenance = Provenance(
                imageID: .zero, archiveDigest: archive.oid, archiveSize: archive.size, layers: [], origin: .built)
        }
        return record
    }

    private static func file(_ size: Size) -> ArchiveForm { .file("/c/demo-latest.tar", size: size) }

    private static var rows: [(EntryFiles, EntryState, [Reason.Name])] {
        [
            (.init(archive: file(7), record: .present(record()), sidecar: .present(md5)), .fresh, []),
            (.init(archive: .pointer(archive), record: .present(record()), sidecar: .present(md5)), .pointer, []),
            (.init(archive: .nothing, record: .missing, sidecar: .missing), .missing, [.entryMissing]),
            (
                .init(archive: .nothing, record: .present(record()), sidecar: .present(md5)), .missing,
                [.archiveMissing]
            ),
            (.init(archive: .nothing, record: .missing, sidecar: .present(md5)), .missing, [.archiveMissing]),
            (
                .init(archive: .unusable("it is a link"), record: .present(record()), sidecar: .present(md5)), .corrupt,
                [.archiveUnusable]
            ),
            (
                .init(archive: .pointer(other), record: .present(record()), sidecar: .present(md5)), .corrupt,
                [.pointerMismatch]
            ),
            (
                .init(archive: .pointer(longer), record: .present(record()), sidecar: .present(md5)), .corrupt,
                [.pointerMismatch]
            ),
            (.init(archive: file(8), record: .present(record()), sidecar: .present(md5)), .corrupt, [.archiveSize]),
            // Without a record nothing says what the archive should be.
            (.init(archive: file(8), record: .missing, sidecar: .present(md5)), .stale, [.recordMissing]),
            (
                .init(archive: .pointer(other), record: .missing, sidecar: .missing), .stale,
                [.recordMissing, .sidecarMissing]
            ),
            (.init(archive: file(7), record: .damaged("x"), sidecar: .present(md5)), .stale, [.recordMissing]),
            (.init(archive: file(7), record: .conflicted, sidecar: .present(md5)), .stale, [.conflictMarkers]),
            (
                .init(archive: file(7), record: .present(record(namesArchive: false)), sidecar: .present(md5)), .stale,
                [.recordMissing]
            ),
            (.init(archive: file(7), record: .present(record()), sidecar: .missing), .stale, [.sidecarMissing]),
            (.init(archive: file(7), record: .present(record()), sidecar: .damaged("x")), .stale, [.sidecarMismatch]),
            (.init(archive: file(7), record: .present(record()), sidecar: .conflicted), .stale, [.conflictMarkers]),
            (
                .init(archive: file(7), record: .present(record()), sidecar: .present("other")), .stale,
                [.sidecarMismatch]
            ),
            // Of an older program's record nothing is read.
            (
                .init(archive: file(8), record: .outdated("cache-image-key/1"), sidecar: .missing), .stale,
                [.keyRulesChanged]
            ),
            (
                .init(archive: .nothing, record: .outdated("cache-image-key/1"), sidecar: .missing), .missing,
                [.archiveMissing, .keyRulesChanged]
            ),
            // Another key: its causes go before what is wrong with the files.
            (
                .init(archive: file(7), record: .present(record(.zero)), sidecar: .missing), .stale,
                [.argChanged, .sidecarMissing]
            ),
            (
                .init(archive: .nothing, record: .present(record(.zero)), sidecar: .missing), .missing,
                [.archiveMissing, .argChanged]
            ),
            (
                .init(archive: file(9), record: .present(record(.zero)), sidecar: .missing), .corrupt,
                [.archiveSize, .argChanged]
            ),
        ]
    }

    @Test func theFirstStateThatAppliesIsTheEntrys() {
        for (files, state, reasons) in Self.rows {
            let judgement = EntryJudgement(files, key: Self.key, names: Self.names) { _ in [Reason(.argChanged)] }
            #expect(judgement.state == state, "\(files)")
            #expect(judgement.reasons.map(\.name) == reasons, "\(files)")
        }
        #expect(Set(Self.rows.map(\.1)) == Set(EntryState.allCases))
    }

    @Test func aLockThatCannotBeReadMakesAUsableEntryStale() {
        let complaint = InputsError(.damagedDocument, "cannot read it")
        for (files, state, reasons) in Self.rows {
            let judgement = EntryJudgement(files, key: Self.key, names: Self.names) { _ in [Reason(.argChanged)] }
                .adding(complaint, about: "bases.lock.json")
            #expect(judgement.state == (state.isUsable ? .stale : state))
            #expect(judgement.reasons.map(\.name) == reasons + [.conflictMarkers])
            #expect(judgement.reasons.last?.new == complaint.description)
        }
    }
}
