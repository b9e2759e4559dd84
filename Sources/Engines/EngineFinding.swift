import JSON
import Programs
import SystemCalls
import SystemPackage

/// An engine that answered, and what it said of itself.
public struct EngineFinding: Sendable {
    /// Which engine it is.
    public let kind: Engine.Kind
    /// Its program.
    public let program: FilePath
    /// Its version, such as `4.3.1`; that of the daemon where there is one.
    public let version: String
    /// The architecture of the machine that runs its containers, as Go names it; nil where it did not say.
    public let architecture: String?
    /// Where its service listens, such as `unix:///var/run/docker.sock`; nil where it has none.
    public let endpoint: String?
    /// The version of Docker's API that the daemon insists on.
    let apiVersion: String?
    /// The variables that decide which service or store the program uses.
    let variables: [String: String]
    /// The files whose change asks the engine again, with what they were.
    let stamps: [String: String]

    /// The variables that decide which service or store an engine's program uses.
    static func variables(_ environment: [String: String]) -> [String: String] {
        let names: Set = [
            "CONTAINER_HOST", "CONTAINER_CONNECTION", "CONTAINERS_CONF", "CONTAINERS_STORAGE_CONF", "STORAGE_DRIVER",
            "DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_CONFIG", "DOCKER_API_VERSION",
        ]
        return environment.filter { names.contains($0.key) && !$0.value.isEmpty }
    }

    /// What tells a file from a later one of its name; empty where there is none.
    static func stamp(_ path: FilePath) -> String {
        guard let status = (try? FileStatus.of(path, followLinks: true)) ?? nil else { return "" }
        let time = status.modified
        return "\(status.device):\(status.inode):\(status.size):\(time.seconds).\(time.nanoseconds)"
    }

    /// Whether it can be taken for granted that the engine answers as it did: same program, same service, still there.
    func holds(_ environment: [String: String]) -> Bool {
        ProgramSearch.find(kind.rawValue, environment: environment) == program
            && Self.variables(environment) == variables
            && stamps.allSatisfy { Self.stamp(FilePath($0.key)) == $0.value }
            && (UnixSocket.path(in: endpoint).map { UnixSocket.obstacle($0) == nil } ?? true)
    }
}

extension EngineFinding {
    /// The finding as it stands in the notes.
    var json: JSONValue {
        func map(_ values: [String: String]) -> JSONValue { .map(values.mapValues { .string($0) }) }
        return [
            "engine": .string(kind.rawValue), "program": .string(program.string), "version": .string(version),
            "architecture": architecture.map { .string($0) } ?? .null,
            "socket": endpoint.map { .string($0) } ?? .null, "api": apiVersion.map { .string($0) } ?? .null,
            "variables": map(variables), "stamps": map(stamps),
        ]
    }

    /// Reads a finding of the notes; nil where it is damaged.
    init?(_ json: JSONValue) {
        guard let kind = json["engine"]?.string.flatMap(Engine.Kind.init), let program = json["program"]?.string,
            let version = json["version"]?.string, let variables = json["variables"]?.members,
            let stamps = json["stamps"]?.members
        else { return nil }
        func map(_ members: [JSONValue.Member]) -> [String: String] {
            var values: [String: String] = [:]
            for member in members { values[member.name] = member.value.string }
            return values
        }
        self.init(
            kind: kind, program: FilePath(program), version: version, architecture: json["architecture"]?.string,
            endpoint: json["socket"]?.string, apiVersion: json["api"]?.string, variables: map(variables),
            stamps: map(stamps))
    }
}

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
        guard let path, let bytes = (try? Files.read(path, limit: 1 << 20)) ?? nil,
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
    public var json: JSONValue { ["engine": .string(kind.rawValue), "reason": .string(reason)] }

    /// Reads an attempt of the notes; nil where it is damaged.
    init?(_ json: JSONValue) {
        guard let kind = json["engine"]?.string.flatMap(Engine.Kind.init), let reason = json["reason"]?.string else {
            return nil
        }
        self.init(kind: kind, reason: reason, isAbsent: false, remedy: nil)
    }
}
