import OCI
import SystemCalls
import SystemPackage

/// A container engine: the program that builds, stores and runs images.
public struct Engine: Sendable {
    /// How long an engine may say nothing.
    public struct Limits: Hashable, Sendable {
        /// For a question, such as whether an image is there.
        public var question: Duration
        /// For a transfer that makes no progress.
        public var transfer: Duration

        /// Sets both.
        public init(question: Duration = .seconds(60), transfer: Duration = .seconds(1800)) {
            self.question = question
            self.transfer = transfer
        }
    }

    /// Which engine it is, and how it is spoken to.
    public let dialect: Dialect
    /// Its program.
    public let executable: FilePath
    /// The environment in which it runs.
    public private(set) var environment: [String: String]
    /// The folder in which it runs, to which paths in options are relative; nil is the current one.
    public var workingDirectory: FilePath?
    /// How long it may say nothing.
    public var limits = Limits()
    /// What it said when it was found; nil where nobody asked.
    public let finding: EngineFinding?
    /// Told what was done to suit this machine, once each; for `-v`.
    let note: @Sendable (String) -> Void
    /// Told what containers do without here, each time, with the next command.
    let warn: @Sendable (String, String?) -> Void
    /// What is known of this machine and of the engine's version.
    let surroundings: Surroundings
    /// The user's state folder; nil where nothing is kept.
    let state: FilePath?

    /// Names an engine that nobody asked whether it answers; what it needs on this machine is found out each time.
    ///
    /// - Parameters:
    ///   - dialect: which engine it is.
    ///   - executable: its program.
    ///   - environment: the environment in which it runs, except for what would make it fail.
    ///   - note: told what was done to suit this machine.
    ///   - warn: told what containers do without here.
    public init(
        _ dialect: Dialect, executable: FilePath, environment: [String: String],
        note: @escaping @Sendable (String) -> Void = { _ in },
        warn: @escaping @Sendable (String, String?) -> Void = { _, _ in }
    ) {
        self.init(
            dialect, executable: executable, finding: nil, environment: environment, state: nil, note: note,
            warn: warn)
    }

    /// The engine that was found; what it needs on this machine is remembered.
    public init(
        _ finding: EngineFinding, environment: [String: String],
        note: @escaping @Sendable (String) -> Void = { _ in },
        warn: @escaping @Sendable (String, String?) -> Void = { _, _ in }
    ) {
        self.init(
            finding.dialect, executable: finding.program, finding: finding, environment: environment,
            state: StateFolder.path(environment), note: note, warn: warn)
    }

    private init(
        _ dialect: Dialect, executable: FilePath, finding: EngineFinding?, environment: [String: String],
        state: FilePath?,
        note: @escaping @Sendable (String) -> Void, warn: @escaping @Sendable (String, String?) -> Void
    ) {
        self.dialect = dialect
        self.executable = executable
        self.finding = finding
        var environment = Self.usable(environment, note: note)
        if let version = finding?.apiVersion, environment["DOCKER_API_VERSION"] == nil {
            environment["DOCKER_API_VERSION"] = version
        }
        self.environment = environment
        self.state = state
        self.note = note
        self.warn = warn
        surroundings = Surroundings(file: state?.appending("machine.json"))
        if let finding { surroundings.cache("version", "\(finding.dialect) \(finding.version)") }
    }

    /// The same engine with more variables.
    func with(_ variables: [(name: String, value: String)]) -> Engine {
        var engine = self
        for variable in variables { engine.environment[variable.name] = variable.value }
        return engine
    }

    /// The engine's name for messages.
    public var name: String { dialect.name }
}
