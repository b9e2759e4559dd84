import Configuration
import Engines
import Hashing
import OCI
import SystemCalls
import SystemPackage

extension CacheWorkspace {
    /// Asks whether an image may have its name in the engine, where another's image has it now.
    ///
    /// An image that was made on this machine loses its name without a question; `noteMove` says so.
    ///
    /// - Returns: The image that has the name.
    @discardableResult
    func prepareName(of image: ImageName, in engine: Engine) async throws -> EngineImage? {
        let holder: EngineImage?
        if let known = holders[image] { holder = known } else { holder = try await engine.image(named: image) }
        holders[image] = holder
        guard let holder, !isOurs(holder, in: engine), let pulled = Self.pulledName(of: holder, among: image.spellings),
            let declaration = configuration.images.first(where: { $0.name == image }),
            let question = configuration.nameQuestion(about: declaration, pulledAs: pulled)
        else { return holder }
        try trust.require([question])
        return holder
    }

    /// Says which image has lost its name to another.
    func noteMove(of image: ImageName, from holder: EngineImage?, to id: String, in engine: Engine) {
        holders[image] = nil
        guard let holder, holder.id != id else { return }
        events.note("\(image) was \(holder.digest.short) in \(engine.name) until now")
    }

    /// The name by which an image was pulled; nil where it has none of these names, or that is of this machine.
    private static func pulledName(of image: EngineImage, among names: [String]) -> String? {
        guard let name = image.names.first(where: names.contains), let reference = try? ImageReference(name),
            !reference.isLocal,
            image.repoDigests.contains(where: {
                $0.registry == reference.registry && $0.repository == reference.repository
            })
        else { return nil }
        return name
    }

    /// Whether a clone of this user built, saved or loaded an image on this machine.
    private func isOurs(_ image: EngineImage, in engine: Engine) -> Bool {
        [notesPath, machineNotesPath].contains { EngineNotes($0).knows(image.digest, in: engine.name) }
    }

    /// What all clones of this user remember: some stores tell of each image that it was pulled.
    private var machineNotesPath: FilePath? { StateFolder.path(environment)?.appending("images.json") }

    /// Remembers for all clones of this user that an image was made or loaded by this program.
    func noteForMachine(image imageID: SHA256Digest, engineID: SHA256Digest, in engine: Engine) {
        var notes = EngineNotes(machineNotesPath)
        notes.note(image: imageID, engineID: engineID, engine: engine.name)
        notes.save()
    }

    /// Asks what is to be asked before an image gets its name.
    func requireName(of image: ImageDeclaration) throws {
        try trust.require([configuration.nameQuestion(about: image)].compactMap { $0 })
    }
}
