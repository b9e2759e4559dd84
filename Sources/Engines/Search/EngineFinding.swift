import JSON
import Programs
import SystemCalls
import SystemPackage

/// An engine that answered, and what it said of itself.
public struct EngineFinding: Sendable {
    /// Which engine it is.
    public let dialect: Dialect
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
        let names = Set(Dialect.all.flatMap(\.service.variables))
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
        ProgramSearch.find(dialect.name, environment: environment) == program
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
            "engine": .string(dialect.name), "program": .string(program.string), "version": .string(version),
            "architecture": architecture.map { .string($0) } ?? .null,
            "socket": endpoint.map { .string($0) } ?? .null, "api": apiVersion.map { .string($0) } ?? .null,
            "variables": map(variables), "stamps": map(stamps),
        ]
    }

    /// Reads a finding of the notes; nil where it is damaged.
    init?(_ json: JSONValue) {
        guard let dialect = json["engine"]?.string.flatMap(Dialect.init(named:)), let program = json["program"]?.string,
            let version = json["version"]?.string, let variables = json["variables"]?.members,
            let stamps = json["stamps"]?.members
        else { return nil }
        func map(_ members: [JSONValue.Member]) -> [String: String] {
            var values: [String: String] = [:]
            for member in members { values[member.name] = member.value.string }
            return values
        }
        self.init(
            dialect: dialect, program: FilePath(program), version: version, architecture: json["architecture"]?.string,
            endpoint: json["socket"]?.string, apiVersion: json["api"]?.string, variables: map(variables),
            stamps: map(stamps))
    }
}
