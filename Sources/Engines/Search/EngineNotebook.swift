import JSON
import SystemCalls
import SystemPackage

/// The findings that a user's programs remember (`engine.json` in the state folder), by what was asked for.
struct EngineNotebook: Sendable {
    /// What was found when an engine was asked for, and what had been tried before.
    struct Entry: Sendable {
        let wanted: String
        let finding: EngineFinding
        let attempts: [EngineSearch.Attempt]
    }

    /// How many findings are kept; the oldest go first.
    static let capacity = 20
    private let path: FilePath?

    init(_ environment: [String: String]) {
        path = StateFolder.path(environment)?.appending("engine.json")
    }

    /// What was found when this was asked for, as far as it holds.
    func entry(_ wanted: String, _ environment: [String: String]) -> Entry? {
        entries.last { $0.wanted == wanted && $0.finding.holds(environment) }
    }

    /// Remembers a finding; those of the same question in the same surroundings go.
    func remember(_ entry: Entry) {
        write(
            entries.filter { $0.wanted != entry.wanted || $0.finding.variables != entry.finding.variables } + [entry])
    }

    /// Forgets an engine that stopped answering.
    func forget(_ finding: EngineFinding) {
        write(entries.filter { $0.finding.program != finding.program || $0.finding.variables != finding.variables })
    }

    private var entries: [Entry] {
        guard let path, let bytes = (try? Files.readPlain(path, limit: 1 << 20)) ?? nil,
            let document = try? JSONValue(parsing: bytes)
        else { return [] }
        return (document["findings"]?.array ?? []).compactMap { json in
            guard let wanted = json["wanted"]?.string, let found = json["found"].flatMap(EngineFinding.init) else {
                return nil
            }
            let attempts = (json["tried"]?.array ?? []).compactMap(EngineSearch.Attempt.init)
            return Entry(wanted: wanted, finding: found, attempts: attempts)
        }
    }

    private func write(_ entries: [Entry]) {
        guard let path else { return }
        let list = entries.suffix(Self.capacity).map { entry -> JSONValue in
            [
                "wanted": .string(entry.wanted), "found": entry.finding.json,
                "tried": .array(entry.attempts.map(\.json)),
            ]
        }
        let document: JSONValue = ["findings": .array(list)]
        StateFolder.replace(path, with: Array((document.text + "\n").utf8))
    }
}

extension EngineSearch.Attempt {
    /// The attempt as `engine --json` prints it.
    public var json: JSONValue { ["engine": .string(dialect.name), "reason": .string(reason)] }

    /// Reads an attempt of the notes; nil where it is damaged.
    init?(_ json: JSONValue) {
        guard let dialect = json["engine"]?.string.flatMap(Dialect.init(named:)), let reason = json["reason"]?.string
        else { return nil }
        self.init(dialect: dialect, reason: reason, isAbsent: false, remedy: nil)
    }
}
