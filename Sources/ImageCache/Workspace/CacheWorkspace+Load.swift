import Archive
import Configuration
import Engines
import Hashing
import LFS
import OCI
import Records
import SystemCalls
import SystemPackage

extension CacheWorkspace {
    /// Puts the cached image into the engine; changes neither the work tree nor Git's index.
    ///
    /// A stale entry is loaded with a warning; a missing one is `CacheError.entryMissing`, a damaged one `entryCorrupt`.
    public func load(_ image: ImageDeclaration) async throws -> Outcome {
        let start = ContinuousClock.now
        try requireName(of: image)
        let inspection = try inspect(image)
        switch inspection.state {
        case .missing:
            throw CacheError.entryMissing(
                image: image.name.description, reason: inspection.reasons.first?.description ?? "nothing is cached")
        case .corrupt:
            throw CacheError.entryCorrupt(
                image: image.name.description, reason: inspection.reasons.first?.description ?? "its files disagree")
        case .stale:
            let reason = inspection.reasons.first.map { ": \($0)" } ?? ""
            events.warning(
                "the entry of \(image.name) is stale\(reason)", "cache-image update \(image.name)")
        case .pointer, .fresh: return try await settle(inspection, start: start)
        }
        let engine = try await engine()
        let sent = try await loadArchive(of: inspection, into: engine)
        return Outcome(
            image: image.name, action: .loaded, key: inspection.recorded?.key,
            imageID: inspection.recorded?.provenance?.imageID, duration: .now - start, reasons: inspection.reasons,
            bytesSent: sent, stagingFailure: nil)
    }

    /// How an engine holds an image.
    enum Holding {
        /// Under its name.
        case named
        /// Under another name; it has just got its own.
        case tagged
        case absent
    }

    /// How the engine holds an image, known by its config digest or by what the engine called it at our last load.
    ///
    /// An image that is there under another name only gets the name.
    func holding(_ imageID: SHA256Digest, as name: ImageName, in engine: Engine) async throws -> Holding {
        let noted = EngineNotes(notesPath).engineID(ofImage: imageID, in: engine.name)
        let held = try await engine.image(named: name)
        if let held, held.configDigest == imageID || held.digest == noted {
            seen[name] = held
            return .named
        }
        holders[name] = .some(held)
        for id in [noted, imageID].compactMap({ $0?.hexadecimal }) {
            guard let other = try await engine.image(id),
                other.configDigest == imageID || other.digest == noted
            else { continue }
            let holder = try await prepareName(of: name, in: engine)
            try await engine.tag(id, as: name)
            noteMove(of: name, from: holder, to: other.id, in: engine)
            events.detail("\(engine.name) has \(name) under another name: tagged it")
            return .tagged
        }
        return .absent
    }

    /// Sends the archive of an entry to the engine, its pointer resolved; the bytes sent.
    func loadArchive(of inspection: EntryInspection, into engine: Engine) async throws -> Int64 {
        let name = inspection.image.name
        let path: FilePath
        switch inspection.files.archive {
        case .missing:
            throw CacheError.entryMissing(image: name.description, reason: "the archive is missing")
        case .pointer(let pointer): path = try await object(pointer, of: name.description)
        case .file: path = inspection.paths.archive
        case .unusable(let complaint):
            throw CacheError.entryCorrupt(image: name.description, reason: "the archive cannot be read: \(complaint)")
        }
        return try await load(path, as: name, record: inspection.recorded, into: engine)
    }

    /// Sends an archive to the engine as `name`; with a record, no other image than the one it names, and every byte of the
    /// archive must be as we wrote it.
    func load(_ path: FilePath, as name: ImageName, record: InputsRecord?, into engine: Engine) async throws -> Int64 {
        let title = "loading \(name)"
        let holder = try await prepareName(of: name, in: engine)
        var request = LoadRequest(archive: path, name: name)
        request.expected = record?.provenance?.imageID
        request.isStrict = record?.provenance != nil
        try? Files.createDirectories(scratchFolder)
        request.scratch = scratchFolder
        let total = try FileStatus.of(path, followLinks: true)?.size
        defer { events.progress(nil) }
        let loaded = try await engine.load(request) { [events] in
            events.progress(.init(title: title, completed: $0, total: total))
        }
        noteMove(of: name, from: holder, to: loaded.id, in: engine)
        note(image: loaded.config.digest, engineID: loaded.digest, in: engine, key: record?.key)
        return loaded.bytesSent
    }
}
