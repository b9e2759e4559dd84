import OCI
import SystemPackage

/// A container engine: the program that builds, stores and runs images.
public struct Engine: Sendable {
    /// The engines that are known.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case podman, docker, buildah
    }

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

    /// Which engine it is.
    public let kind: Kind
    /// Its program.
    public let executable: FilePath
    /// The environment in which it runs.
    public let environment: [String: String]
    /// The folder in which it runs, to which paths in options are relative; nil is the current one.
    public var workingDirectory: FilePath?
    /// How long it may say nothing.
    public var limits = Limits()
    /// Told what was done to suit this machine, once each; for `-v`.
    let note: @Sendable (String) -> Void
    /// What is known of this machine and of the engine's version.
    let surroundings: Surroundings

    /// Names an engine.
    ///
    /// - Parameters:
    ///   - kind: which engine it is.
    ///   - executable: its program.
    ///   - environment: the environment in which it runs; an empty `CONTAINER_HOST` is left out.
    ///   - notesFile: a file that remembers what was found out about this machine; nil to find it out each time.
    ///   - note: told what was done to suit this machine.
    public init(
        kind: Kind, executable: FilePath, environment: [String: String], notesFile: FilePath? = nil,
        note: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.kind = kind
        self.executable = executable
        var environment = environment
        for name in ["CONTAINER_HOST", "DOCKER_HOST", "DOCKER_CONTEXT"] where environment[name]?.isEmpty == true {
            environment[name] = nil
        }
        self.environment = environment
        self.note = note
        surroundings = Surroundings(notesFile: notesFile)
    }

    /// The engine's name for messages.
    public var name: String { kind.rawValue }
}
