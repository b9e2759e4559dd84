/// What a Dockerfile sets in the image's runtime config; nil and empty fields are the base image's.
public struct PlannedConfig: Hashable, Sendable {
    /// `Cmd` or `Entrypoint`.
    public enum Command: Hashable, Sendable {
        /// Not set by the Dockerfile.
        case inherited
        /// Emptied, as ENTRYPOINT does with the base's CMD.
        case reset
        /// The argument vector.
        case arguments([String])
        /// The shell form on an unlocked base image: the default shell is assumed.
        case assumedShell([String])
    }

    /// A HEALTHCHECK; durations in nanoseconds, nil where not given.
    public struct Healthcheck: Hashable, Sendable {
        /// `NONE`, or `CMD` or `CMD-SHELL` and the arguments.
        public var test: [String]
        /// `--interval`.
        public var interval: Int64?
        /// `--timeout`.
        public var timeout: Int64?
        /// `--start-period`.
        public var startPeriod: Int64?
        /// `--start-interval`.
        public var startInterval: Int64?
        /// `--retries`.
        public var retries: Int64?
    }

    /// `Env`.
    public var environment: [String: Value] = [:]
    /// `Labels`.
    public var labels: [String: Value] = [:]
    /// `Cmd`.
    public var command: Command = .inherited
    /// `Entrypoint`.
    public var entrypoint: Command = .inherited
    /// `User`.
    public var user: Value?
    /// `WorkingDir`.
    public var workingDirectory: Value?
    /// `ExposedPorts`, such as `80/tcp`.
    public var exposedPorts: Set<Value> = []
    /// `Volumes`.
    public var volumes: Set<Value> = []
    /// `StopSignal`.
    public var stopSignal: Value?
    /// `Shell`.
    public var shell: [String]?
    /// `OnBuild`.
    public var onBuild: [String] = []
    /// `Healthcheck`.
    public var healthcheck: Healthcheck?
    /// `Author`.
    public var author: String?
}
