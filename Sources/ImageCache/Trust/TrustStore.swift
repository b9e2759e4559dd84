import Configuration
import Hashing
import JSON
import SystemCalls
import SystemPackage

/// What a user has trusted, in which clone (`trust` in the state folder).
///
/// A file that others can write counts as empty. Losing it costs a question.
struct TrustStore: Sendable {
    /// One thing that was trusted.
    struct Entry: Hashable, Sendable {
        /// The common Git folder of the clone, else the folder of the configuration.
        let folder: String
        /// The place in the schema.
        let subject: String
        /// The digest of folder and values.
        let digest: SHA256Digest
        /// The values as they were shown.
        let values: [String]
    }

    /// How many entries are kept; the oldest go first.
    static let capacity = 2000
    private static let sizeLimit = 16 << 20

    private let path: FilePath?
    private let folder: FilePath

    /// The trust in the configuration of one clone.
    init(folder: FilePath, environment: [String: String]) {
        self.folder = folder
        path = StateFolder.path(environment)?.appending("trust")
    }

    /// What is trusted in this clone, the oldest first.
    var entries: [Entry] { all.filter { $0.folder == folder.string } }

    /// Remembers that questions were answered with yes.
    func remember(_ questions: [TrustQuestion]) throws(SystemError) {
        let new = questions.map {
            Entry(folder: folder.string, subject: $0.subject, digest: digest(of: $0), values: $0.values)
        }
        let digests = Set(new.map(\.digest))
        try write(all.filter { !digests.contains($0.digest) } + new)
    }

    /// Forgets all trust in this clone.
    func revoke() throws(SystemError) {
        try write(all.filter { $0.folder != folder.string })
    }

    /// What stands for a question in this clone.
    func digest(of question: TrustQuestion) -> SHA256Digest {
        SHA256Digest(of: folder.bytes + [0] + question.identity)
    }

    private var all: [Entry] {
        guard let path, let bytes = StateFolder.readOwn(path, limit: Self.sizeLimit),
            let document = try? JSONValue(parsing: bytes)
        else { return [] }
        return (document["trusted"]?.array ?? []).compactMap(Entry.init)
    }

    private func write(_ entries: [Entry]) throws(SystemError) {
        guard let path else {
            throw SystemError(
                "write", "trust", .noSuchFileOrDirectory, reason: "neither XDG_STATE_HOME nor HOME names a folder")
        }
        let document: JSONValue = ["trusted": .array(entries.suffix(Self.capacity).map(\.json))]
        try StateFolder.write(path, Array((document.text + "\n").utf8))
    }
}

extension TrustStore.Entry {
    /// Reads an entry of the file; nil where it is damaged.
    init?(_ json: JSONValue) {
        guard let folder = json["folder"]?.string, let subject = json["subject"]?.string,
            let digest = json["sha256"]?.string.flatMap({ SHA256Digest(hexadecimal: $0) })
        else { return nil }
        self.init(
            folder: folder, subject: subject, digest: digest,
            values: (json["values"]?.array ?? []).compactMap(\.string))
    }

    /// The entry in the file.
    var json: JSONValue {
        [
            "folder": .string(folder), "subject": .string(subject), "sha256": .string(digest.hexadecimal),
            "values": .strings(values),
        ]
    }
}
