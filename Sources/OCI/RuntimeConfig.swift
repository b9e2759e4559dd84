import JSON

/// The part of an image's config that decides how its containers run.
///
/// https://github.com/opencontainers/image-spec/blob/main/config.md; `Healthcheck`, `Shell` and `OnBuild` are Docker's.
public struct RuntimeConfig: Hashable, Sendable {
    /// `NAME=VALUE` pairs, in their order.
    public var env: [String] = []
    /// The command; nil where there is none.
    public var cmd: [String]?
    /// The program that runs the command; nil where there is none.
    public var entrypoint: [String]?
    /// The user, as written; empty for the default.
    public var user = ""
    /// The folder in which the command starts; empty for the default.
    public var workingDirectory = ""
    /// The labels.
    public var labels: [String: String] = [:]
    /// The exposed ports, such as `80/tcp`, sorted.
    public var exposedPorts: [String] = []
    /// The volumes' paths, sorted.
    public var volumes: [String] = []
    /// The signal that stops a container; empty for the default.
    public var stopSignal = ""
    /// The shell of shell-form instructions; nil for the default.
    public var shell: [String]?
    /// The instructions that a child's build runs first.
    public var onBuild: [String] = []
    /// The health check: Test, Interval, Timeout, StartPeriod, Retries (durations in nanoseconds); nil where there is none.
    public var healthcheck: JSONValue?
    /// Who made the image; empty where nobody says so.
    public var author = ""

    /// A config with nothing set.
    public init() {}

    /// The environment as a map; the last of two values of one name counts.
    public var environment: [String: String] {
        var result: [String: String] = [:]
        for pair in env {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            result[String(parts[0])] = parts.count > 1 ? String(parts[1]) : ""
        }
        return result
    }
}
