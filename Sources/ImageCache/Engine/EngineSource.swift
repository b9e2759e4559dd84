import Engines
import SystemPackage

/// The container engine of a command, found at first use.
///
/// Not to be used from two tasks at once.
public final class EngineSource {
    /// How the engine is looked for.
    public let search: EngineSearch
    private let environment: [String: String]
    private let folder: FilePath
    private let events: CacheEvents
    private var found: Engine?

    /// Looks for nothing yet.
    ///
    /// - Parameters:
    ///   - wanted: The engine that is asked for; nil for the first that answers.
    ///   - environment: The environment of its programs.
    ///   - folder: The folder that they run in.
    ///   - events: Where is said what was found.
    init(_ wanted: Dialect?, environment: [String: String], folder: FilePath, events: CacheEvents) {
        search = EngineSearch(wanted, environment: environment)
        self.environment = environment
        self.folder = folder
        self.events = events
    }

    /// The engine.
    public func engine() async throws -> Engine {
        if let found { return found }
        var engine = try await Engine.find(
            preferred: search.wanted, environment: environment, note: events.detail, warn: events.warning)
        engine.workingDirectory = folder
        found = engine
        return engine
    }

    /// The engine; nil where this machine has none.
    func engineIfThere() async throws -> Engine? {
        do {
            return try await engine()
        } catch let error as EngineError where error.kind == .notFound || error.kind == .unreachable {
            events.detail("\(error)")
            return nil
        }
    }
}
