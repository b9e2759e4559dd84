import Configuration
import Engines
import OCI

/// The names that images get in the engine: asks where another's image has one, says who lost one.
///
/// Not to be used from two tasks at once.
final class EngineNames {
    private let configuration: ProjectConfiguration
    private let trust: TrustGate
    private let notebook: ImageNotebook
    private let events: CacheEvents
    /// The images that the engine was seen to hold under names that are to be given to others; nil is none.
    private var holders: [ImageName: EngineImage?] = [:]

    init(_ configuration: ProjectConfiguration, trust: TrustGate, notebook: ImageNotebook, events: CacheEvents) {
        self.configuration = configuration
        self.trust = trust
        self.notebook = notebook
        self.events = events
    }

    /// Asks what is to be asked before an image gets its name.
    func require(_ image: ImageDeclaration) throws {
        try trust.require([configuration.nameQuestion(about: image)].compactMap { $0 })
    }

    /// Remembers which image was seen to have a name; nil is none.
    func noteHolder(of name: ImageName, _ holder: EngineImage?) { holders[name] = .some(holder) }

    /// Asks whether an image may have its name in the engine, where another's image has it now.
    ///
    /// An image that was made on this machine loses its name without a question; `noteMove` says so.
    ///
    /// - Returns: The image that has the name.
    @discardableResult
    func prepare(_ name: ImageName, in engine: Engine) async throws -> EngineImage? {
        let holder: EngineImage?
        if let known = holders[name] { holder = known } else { holder = try await engine.image(named: name) }
        holders[name] = holder
        guard let holder, !notebook.isOurs(holder, in: engine),
            let pulled = Self.pulledName(of: holder, among: name.spellings),
            let declaration = configuration.images.first(where: { $0.name == name }),
            let question = configuration.nameQuestion(about: declaration, pulledAs: pulled)
        else { return holder }
        try trust.require([question])
        return holder
    }

    /// Says which image has lost its name to another.
    func noteMove(of name: ImageName, from holder: EngineImage?, to id: String, in engine: Engine) {
        holders[name] = nil
        guard let holder, holder.id != id else { return }
        events.note("\(name) was \(holder.digest.short) in \(engine.name) until now")
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
}
