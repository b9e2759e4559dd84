import OCI

/// How one engine is spoken to: its verbs, what it can do, and the few words that it has to be known by.
///
/// A plain value for each engine, in a file of its own (docs/engines.md); `Engine` does the work and asks here.
/// What podman and docker call the same is the default of the parts.
public struct Dialect: Sendable {
    /// The engine's name, which is that of its program, too.
    public let name: String

    // MARK: Abilities

    /// Whether a step in its cache is always what the step would make now, whatever argument, base or mount has changed.
    public var hasExactStepCache = false
    /// Whether a build takes another image in place of what a reference names (`--build-context`).
    public var takesReplacedBase = false
    /// Whether a name without a host is `localhost/NAME` in its store.
    var namesLocally = false
    /// Whether the runtime of its containers can be chosen.
    var takesRuntime = false
    /// Who sets the limits of a container's open files and processes.
    var limits = Limits.daemon
    /// What it can start without isolation (`--isolation chroot`).
    var isolationFree: Set<ContainerUse> = []

    /// Who sets the limits of containers.
    enum Limits: Sendable {
        /// Nobody: they are those of this process.
        case inherited
        /// A daemon, which may be allowed to or not.
        case daemon
        /// The engine's program, which always asks for more.
        case program
    }

    // MARK: Parts

    /// What answers, and where.
    var service: Service
    /// The verbs about images.
    var images: ImageVerbs
    /// The verbs about containers.
    var containers: ContainerVerbs
    /// The builder that an engine has.
    var builder: @Sendable (Engine) async throws -> Builder
    /// What a build that is cut short leaves behind; nil where the engine removes it.
    var workingContainers: WorkingContainers?

    /// The reference under which its store holds a name.
    func reference(_ name: ImageName) -> String {
        namesLocally ? name.localSpelling : name.description
    }
}

extension Dialect {
    /// All engines that are known, in the order in which they are asked.
    public static let all = [podman, docker, buildah]

    /// The one to install where there is none.
    static var preferred: Dialect { podman }

    /// The engine of that name; nil where none is known.
    public init?(named name: String) {
        guard let dialect = Self.all.first(where: { $0.name == name }) else { return nil }
        self = dialect
    }
}

/// Two dialects of one name are one engine's.
extension Dialect: Hashable, CustomStringConvertible {
    /// The name decides.
    public static func == (first: Dialect, second: Dialect) -> Bool { first.name == second.name }
    /// The name decides.
    public func hash(into hasher: inout Hasher) { hasher.combine(name) }
    /// The engine's name.
    public var description: String { name }
}
