import Hashing
import JSON
import SystemCalls
import SystemPackage

/// What this machine remembers about images, shared by the worktrees of a repository (`cache-image/notes.json` in the
/// common Git folder): the key each image was built for, and the name an engine gave to an image that it loaded.
///
/// Losing the notes loses a warning or a load that was not needed, never correctness.
public struct EngineNotes: Sendable {
    /// How many notes of a kind are kept; the oldest go first.
    static let capacity = 500

    private let path: FilePath?
    private var built: [JSONValue.Member]
    private var loaded: [JSONValue.Member]

    /// Reads the notes; a missing or damaged file is an empty one, and nil is none that is ever written.
    public init(_ path: FilePath?) {
        self.path = path
        let bytes = path.flatMap { try? Files.readPlain($0) }
        let document = bytes.flatMap { try? JSONValue(parsing: $0) }
        func notes(_ name: String) -> [JSONValue.Member] {
            (document?[name]?.array ?? []).compactMap { pair in
                guard let items = pair.array, items.count == 2, let key = items[0].string else { return nil }
                return JSONValue.Member(key, items[1])
            }
        }
        built = notes("built")
        loaded = notes("loaded")
    }

    /// The keys that an image was built or saved for, newest last.
    public func keys(ofImage imageID: SHA256Digest) -> [SHA256Digest] { keys(of: imageID.description) }

    /// The same of an image that the engine tells by another digest than its config's.
    public func keys(ofEngineID engineID: SHA256Digest) -> [SHA256Digest] { keys(of: engineID.hexadecimal) }

    private func keys(of name: String) -> [SHA256Digest] {
        built.filter { $0.name == name }.compactMap { $0.value.string.flatMap { SHA256Digest(hexadecimal: $0) } }
    }

    /// Notes that an image was built, or saved by force, for a key.
    public mutating func note(image imageID: SHA256Digest, key: SHA256Digest) { note(imageID.description, key) }

    /// The same of an image that the engine tells by another digest than its config's.
    public mutating func note(engineID: SHA256Digest, key: SHA256Digest) { note(engineID.hexadecimal, key) }

    private mutating func note(_ name: String, _ key: SHA256Digest) {
        let member = JSONValue.Member(name, .string(key.hexadecimal))
        built.removeAll { $0 == member }
        built.append(member)
        built.removeFirst(max(0, built.count - Self.capacity))
    }

    /// The name that `engine` gave to the image with this config digest when it was loaded.
    public func engineID(ofImage imageID: SHA256Digest, in engine: String) -> SHA256Digest? {
        loaded.last { $0.name == "\(engine) \(imageID)" }?.value.string.flatMap { SHA256Digest(hexadecimal: $0) }
    }

    /// Whether an image is one that was built, saved or loaded, by the name that `engine` gave to it.
    func knows(_ engineID: SHA256Digest, in engine: String) -> Bool {
        loaded.contains { $0.name.hasPrefix("\(engine) ") && $0.value.string == engineID.hexadecimal }
    }

    /// The images that were built, saved or loaded, the oldest first: their config digests, by the name that `engine` gave
    /// to them.
    func images(in engine: String) -> [(engineID: SHA256Digest, imageID: SHA256Digest)] {
        loaded.compactMap { note in
            let words = note.name.split(separator: " ")
            guard words.count == 2, words[0] == engine, let imageID = SHA256Digest(String(words[1])),
                let engineID = note.value.string.flatMap({ SHA256Digest(hexadecimal: $0) })
            else { return nil }
            return (engineID, imageID)
        }
    }

    /// Notes the name that `engine` gave to an image.
    public mutating func note(image imageID: SHA256Digest, engineID: SHA256Digest, engine: String) {
        let name = "\(engine) \(imageID)"
        loaded.removeAll { $0.name == name }
        loaded.append(JSONValue.Member(name, .string(engineID.hexadecimal)))
        loaded.removeFirst(max(0, loaded.count - Self.capacity))
    }

    /// Writes the notes, where the folder can be written; they are a help, so a failure is no error.
    public func save() {
        guard let path else { return }
        func pairs(_ notes: [JSONValue.Member]) -> JSONValue {
            .array(notes.map { [.string($0.name), $0.value] })
        }
        let document: JSONValue = ["built": pairs(built), "loaded": pairs(loaded)]
        try? Files.createDirectories(path.removingLastComponent())
        try? Files.replace(path, with: Array((document.text + "\n").utf8))
    }
}
