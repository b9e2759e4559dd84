import Configuration
import Engines
import Hashing
import OCI
import Records
import SystemCalls
import SystemPackage

/// The images that the engine holds, and the way of an archive into it.
///
/// Not to be used from two tasks at once.
public final class EngineImages {
    let source: EngineSource
    let names: EngineNames
    let notebook: ImageNotebook
    /// A folder for large files of short life.
    private let scratch: FilePath
    private let events: CacheEvents
    /// The images that the engine was seen to hold under their names.
    private var seen: [ImageName: EngineImage] = [:]

    init(
        _ source: EngineSource, names: EngineNames, notebook: ImageNotebook, scratch: FilePath, events: CacheEvents
    ) {
        self.source = source
        self.names = names
        self.notebook = notebook
        self.scratch = scratch
        self.events = events
    }

    /// How an engine holds an image.
    enum Holding: CaseIterable {
        /// Under its name.
        case named
        /// Under another name; it has just got its own.
        case tagged
        case absent

        /// What an image that is held so needed to be put in place.
        var action: Outcome.Action { self == .named ? .current : .loaded }
    }

    /// The image that the engine holds under the name of a declared one; not asked where this command saw it already.
    public func held(_ image: ImageDeclaration) async throws -> EngineImage? {
        if let held = seen[image.name] { return held }
        return try await source.engine().image(named: image.name)
    }

    /// Forgets what was seen under a name that is about to be given to another image.
    func forget(_ name: ImageName) { seen[name] = nil }

    /// How the engine holds an image, known by its config digest or by what the engine called it at our last load.
    ///
    /// An image that is there under another name only gets the name.
    func holding(_ imageID: SHA256Digest, as name: ImageName) async throws -> Holding {
        let engine = try await source.engine()
        let noted = notebook.engineID(of: imageID, in: engine)
        if try await engine.storeHolds([imageID], as: name) { return .named }
        let held = try await engine.image(named: name)
        if let held, held.configDigest == imageID || held.digest == noted {
            seen[name] = held
            return .named
        }
        names.noteHolder(of: name, held)
        for id in [noted, imageID].compactMap({ $0?.hexadecimal }) {
            guard let other = try await engine.image(id),
                other.configDigest == imageID || other.digest == noted
            else { continue }
            let holder = try await names.prepare(name, in: engine)
            try await engine.tag(id, as: name)
            names.noteMove(of: name, from: holder, to: other.id, in: engine)
            events.detail("\(engine.name) has \(name) under another name: tagged it")
            return .tagged
        }
        return .absent
    }

    /// Sends an archive to the engine as `name`; with a record, no other image than the one it names, and every byte of the
    /// archive must be as we wrote it; the bytes that the engine was given.
    func load(_ path: FilePath, as name: ImageName, record: InputsRecord?) async throws -> Int64 {
        let engine = try await source.engine()
        let title = "loading \(name)"
        let holder = try await names.prepare(name, in: engine)
        var request = LoadRequest(archive: path, name: name)
        request.expected = record?.provenance?.imageID
        request.isStrict = record?.provenance != nil
        request.predecessor = holder
        try? Files.createDirectories(scratch)
        request.scratch = scratch
        let total = try FileStatus.of(path, followLinks: true)?.size
        defer { events.progress(nil) }
        let loaded = try await engine.load(request) { [events] in
            events.progress(.init(title: title, completed: $0, total: total))
        }
        names.noteMove(of: name, from: holder, to: loaded.id, in: engine)
        notebook.note(image: loaded.config.digest, engineID: loaded.digest, in: engine, key: record?.key)
        return loaded.bytesSent
    }
}
