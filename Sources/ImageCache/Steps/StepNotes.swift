import Hashing
import JSON
import SystemCalls
import SystemPackage

/// The images that rebuilds of this user brought into engines without a name, so that `clean --engine-images` finds them.
///
/// Losing the notes loses that, never correctness.
struct StepNotes {
    /// How many are kept; the oldest go first.
    static let capacity = 2000

    private let path: FilePath?
    private var notes: [Note]

    private struct Note: Hashable {
        let engine: String
        let id: SHA256Digest
    }

    /// Reads the notes; a missing or damaged file is an empty one, and nil is none that is ever written.
    init(_ path: FilePath?) {
        self.path = path
        let bytes = path.flatMap { try? Files.readPlain($0, limit: 1 << 20) } ?? nil
        let list = bytes.flatMap { try? JSONValue(parsing: $0) }?["loaded"]?.array ?? []
        notes = list.compactMap { pair in
            guard let engine = pair["engine"]?.string, let id = pair["id"]?.string.flatMap({ SHA256Digest($0) })
            else { return nil }
            return Note(engine: engine, id: id)
        }
    }

    /// The images that were brought into an engine, the first that came first.
    func images(in engine: String) -> [SHA256Digest] { notes.filter { $0.engine == engine }.map(\.id) }

    /// Notes images that were brought into an engine.
    mutating func note(_ ids: [SHA256Digest], in engine: String) {
        forget(Set(ids), in: engine)
        notes += ids.map { Note(engine: engine, id: $0) }
        notes.removeFirst(max(0, notes.count - Self.capacity))
    }

    /// Forgets images that are not there any more, or are somebody's.
    mutating func forget(_ ids: Set<SHA256Digest>, in engine: String) {
        notes.removeAll { $0.engine == engine && ids.contains($0.id) }
    }

    /// Writes the notes, where the folder can be written; a failure is no error.
    func save() {
        guard let path else { return }
        let list = notes.map { note -> JSONValue in
            ["engine": .string(note.engine), "id": .string(note.id.description)]
        }
        let document: JSONValue = ["loaded": .array(list)]
        try? Files.createDirectories(path.removingLastComponent())
        try? Files.replace(path, with: Array((document.text + "\n").utf8))
    }
}
