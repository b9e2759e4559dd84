import Hashing
import JSON
import OCI
import SystemCalls
import SystemPackage

extension Engine {
    /// Whether the engine holds an image of this id (64 hexadecimal digits) or name.
    func exists(_ reference: String) async throws -> Bool {
        guard let question = dialect.images.exists else { return try await !inspect([reference]).isEmpty }
        let finished = try await ask(question(reference))
        if finished.isSuccess { return true }
        if finished.ending == .exited(1) { return false }
        throw failure("look up", reference, finished)
    }

    /// The image of that name, in whichever spelling the engine knows it; nil where there is none.
    public func image(named name: ImageName) async throws -> EngineImage? {
        // Most often it has the name as it is declared.
        if let image = try await serviceImages([name.description])?.first, image.names.contains(name.description) {
            return image
        }
        // Where names are kept with a host, the bare name is taken for any of the others.
        let images = try await inspect(dialect.namesLocally ? name.hostSpellings : name.spellings)
        for spelling in name.spellings {
            for image in images where image.names.contains(spelling) { return image }
        }
        return images.first
    }

    /// The image of this id or name; nil where there is none.
    public func image(_ reference: String) async throws -> EngineImage? {
        try await inspect([reference]).first
    }

    /// All images, with the names that they have.
    package func list() async throws -> [(id: String, names: [String])] {
        let finished = try await ask(dialect.images.list)
        guard finished.isSuccess else { throw failure("list", "the images of \(name)", finished) }
        var order: [String] = []
        var names: [String: [String]] = [:]
        for line in finished.lines {
            let words = line.split(separator: " ")
            guard words.count == 2, let id = SHA256Digest(imageID: words[0])?.hexadecimal else { continue }
            if names[id] == nil { order.append(id) }
            if !words[1].contains("<none>") { names[id, default: []].append(String(words[1])) }
            names[id, default: []] += []
        }
        return order.map { ($0, names[$0] ?? []) }
    }

    /// Gives an image a name; another image that had it loses it.
    public func tag(_ reference: String, as name: ImageName) async throws {
        let finished = try await ask(dialect.images.tag(reference, dialect.reference(name)))
        guard finished.isSuccess else { throw failure("tag", "\(reference) as \(name)", finished) }
    }

    // MARK: Looking up

    func inspect(_ references: [String]) async throws -> [EngineImage] {
        if let images = try await serviceImages(references) { return images }
        let verbs = dialect.images
        var listed: [(id: String, names: [String])]?
        var images: [EngineImage] = []
        // An answer about many is long.
        let groups = stride(from: 0, to: references.count, by: verbs.inspectsOneByOne ? 1 : 50).map {
            Array(references[$0..<min($0 + (verbs.inspectsOneByOne ? 1 : 50), references.count)])
        }
        for group in groups {
            let finished = try await ask(verbs.inspect(group))
            if !finished.isSuccess, !finished.says(verbs.absentTexts) { throw failure("look up", group[0], finished) }
            if !finished.isSuccess, finished.outputBytes.isEmpty { continue }
            let answer = try json(finished)
            for element in answer.array ?? [answer] {
                let id = element[verbs.idMember]?.string.flatMap { SHA256Digest(imageID: $0) }
                if !verbs.tellsNames, listed == nil { listed = try await list() }
                let names = listed?.first { $0.id == id?.hexadecimal }?.names ?? []
                let config = verbs.hidesConfig ? try await storedConfig(id) : nil
                if let image = verbs.read(element, config, names) { images.append(image) }
            }
        }
        return images
    }

    /// The config of an image in the engine's store, byte for byte; nil where the store cannot be read, as with a
    /// remote podman.
    func storedConfig(_ digest: SHA256Digest?) async throws -> ImageConfig? {
        guard let digest else { return nil }
        return try await storeRecord { Self.config(digest, in: $0) }
    }

    /// The layers that the engine's store says it has, by the digests of their content, with their bytes (-1 where it
    /// does not say); nil where it cannot be read.
    ///
    /// It is read without its lock, being replaced in one step: what is wrong meanwhile, the engine finds out.
    func storedLayers() async throws -> [SHA256Digest: Int64]? {
        try await storeRecord { records in
            let path = records.withSuffix("-layers").appending("layers.json")
            guard let bytes = (try? Files.readPlain(path, limit: 64 << 20)) ?? nil,
                let list = (try? JSONValue(parsing: bytes, limits: .localProgram))?.array
            else { return nil }
            var layers: [SHA256Digest: Int64] = [:]
            for layer in list where layer["flags"]?["incomplete"] == nil {
                guard let digest = layer["diff-digest"]?.string.flatMap({ SHA256Digest($0) }) else { continue }
                layers[digest] = max(layers[digest] ?? -1, layer["diff-size"]?.integer ?? -1)
            }
            return layers
        }
    }

    /// What `read` finds in the records of the engine's store; where that is nothing, their place is asked for again.
    func storeRecord<Record>(_ read: (FilePath) -> Record?) async throws -> Record? {
        guard let question = dialect.images.storeRecords, !usesService else { return nil }
        if let place = knownStore, let record = read(place) { return record }
        let nowhere = storeFact + " has no place here"
        if surroundings.cached(nowhere) != nil { return nil }
        let finished = try await ask(question)
        guard finished.isSuccess, let place = finished.lines.first, !place.isEmpty else {
            surroundings.cache(nowhere, "")
            return nil
        }
        surroundings.remember(storeFact, storeSettings + " " + place)
        return read(FilePath(place))
    }

    /// Refuses a store whose records would have to be waited for, which its program would do without end.
    func checkStore() throws {
        guard dialect.images.storeRecords != nil, !usesService, let place = knownStore else { return }
        for (suffix, file) in [("-images", "images.json"), ("-layers", "layers.json")] {
            do {
                try Files.refuseWaiting(place.withSuffix(suffix).appending(file))
            } catch {
                throw EngineError(
                    .failed(status: 0), "cannot read the store of \(name): \(error.object): \(error.reason)",
                    hint: "\(name) cannot read it either: look who made that, and move it away")
            }
        }
    }

    /// Where the records of the store are, as it was told once.
    private var knownStore: FilePath? {
        let settings = storeSettings + " "
        guard let known = surroundings.fact(storeFact), known.hasPrefix(settings) else { return nil }
        return FilePath(String(known.dropFirst(settings.count)))
    }

    private var storeFact: String { "\(name).store \(storeIdentity)" }

    /// What tells the settings that place the store: its place is asked for again where they are others.
    private var storeSettings: String {
        let folders = ["XDG_CONFIG_HOME", "XDG_DATA_HOME"].map { ($0, environment[$0] ?? "") }
        let all = (finding?.stamps ?? [:]).map { ($0.key, $0.value) } + folders
        let text = all.sorted { $0.0 < $1.0 }.map { "\($0.0)=\($0.1)\n" }.joined()
        return String(SHA256Digest(of: text.utf8).hexadecimal.prefix(16))
    }
}
