import OCI
import SystemCalls

/// A Dockerfile, evaluated: the steps and the configuration that BuildKit would come to.
public struct BuildPlan: Sendable {
    /// A stage that the target needs.
    public struct Stage: Sendable {
        /// What a stage starts from.
        public enum Parent: Hashable, Sendable {
            /// Another stage, by its index in `stages`.
            case stage(Int)
            /// Nothing.
            case scratch
            /// A base image.
            case image(BaseReference)
        }

        /// The stage's number in the file, counted from 0.
        public let number: Int
        /// The name, else the number.
        public let name: String
        /// The platform.
        public let platform: Platform
        /// The line of its FROM.
        public let line: Int
        /// What it starts from.
        public let parent: Parent
        /// Its steps, in order.
        public internal(set) var operations: [Operation]
    }

    /// A build argument that the reachable stages declare.
    public struct Argument: Hashable, Sendable {
        /// The argument's name.
        public let name: String
        /// Its value; nil where it is declared without one, or where stages see different values.
        public let value: Expanded?
        /// The values by stage, where they differ.
        public let values: [String: Expanded?]
        /// The lines from which it is visible to a RUN or at which it is expanded.
        public let lines: [Int]
    }

    /// A source that is fetched from elsewhere.
    public struct RemoteSource: Hashable, Sendable {
        /// The URL or Git reference.
        public let text: Expanded
        /// The `--checksum`, or the full commit of a Git reference; nil means unpinned.
        public let checksum: Expanded?
        /// The line of the ADD.
        public let line: Int
    }

    /// Why a key is weaker than it could be.
    public struct Mark: Hashable, Sendable {
        /// The name of a mark.
        public enum Name: String, Hashable, Sendable {
            /// More counts than would need to.
            case inexact
            /// A base image stands in no lock.
            case basesUnlocked = "bases-unlocked"
            /// A remote source without checksum.
            case unpinned
        }

        /// The mark.
        public let name: Name
        /// Its reason in words.
        public let reason: String
    }

    /// The reachable stages; each comes after those that it needs.
    public let stages: [Stage]
    /// The index of the target in `stages`.
    public let target: Int
    /// What the Dockerfile and the request's labels set in the image's configuration.
    public let configuration: PlannedConfig
    /// What the image is as a base image of others.
    public let baseImage: BaseImage
    /// The base images of the reachable stages, in the order of their lines.
    public let bases: [BaseReference]
    /// The arguments of the reachable stages, by name.
    public let arguments: [Argument]
    /// The secrets given from outside that the Dockerfile declares.
    public let secrets: Set<SecretSource>
    /// The remote sources, in the order of their lines.
    public let remotes: [RemoteSource]
    /// What weakens the key.
    public let marks: [Mark]
    /// Advice for the author of the Dockerfile.
    public let warnings: [Warning]
    /// Whether every file of the context counts, since a source needs values of an unlocked base image.
    public let needsWholeContext: Bool

    /// A remark on a line.
    public struct Warning: Hashable, Sendable {
        /// The line; nil for the whole file.
        public let line: Int?
        /// The remark.
        public let text: String
    }

    /// Evaluates a Dockerfile; `base` answers what is locked of a base image, nil where nothing is.
    public init(
        _ file: DockerfileSyntax, request: StageRequest, base: (BaseReference) -> BaseImage?
    ) throws(DockerfileError) {
        let evaluation = try Evaluation(file, request, base)
        stages = evaluation.stages
        target = evaluation.positions[evaluation.graph.target] ?? 0
        let end = evaluation.states[evaluation.graph.target]
        baseImage = end?.baseImage ?? .unknown
        var configuration = end?.configuration ?? PlannedConfig()
        for (name, value) in request.labels { configuration.labels[name] = .known(Expanded(value).named(name)) }
        self.configuration = configuration
        bases = evaluation.bases
        arguments = evaluation.arguments.arguments
        secrets = evaluation.secrets
        remotes = evaluation.remotes.sorted { $0.line < $1.line }
        marks = evaluation.marks + Self.unlockedSources(evaluation, base)
        warnings = file.warnings
        needsWholeContext = evaluation.needsWholeContext
    }

    /// The images that stages do not start from but take files from, and that stand in no lock.
    private static func unlockedSources(
        _ evaluation: Evaluation, _ base: (BaseReference) -> BaseImage?
    ) -> [Mark] {
        var marks: [Mark] = []
        for reference in evaluation.bases where reference.digest == nil && base(reference) == nil {
            let isParent = evaluation.stages.contains { stage in
                if case .image(let other) = stage.parent { other.name == reference.name } else { false }
            }
            let mark = Mark(name: .basesUnlocked, reason: "\(reference.name) is not in the lock")
            if !isParent, !marks.contains(mark) { marks.append(mark) }
        }
        return marks
    }
}
