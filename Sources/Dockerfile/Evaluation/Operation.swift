import SystemCalls

/// A step that changes the file system; everything else is runtime configuration.
public struct Operation: Hashable, Sendable {
    /// What a step does.
    public enum Kind: String, Hashable, Sendable {
        /// RUN.
        case run
        /// COPY.
        case copy
        /// ADD.
        case add
        /// WORKDIR, which makes its folder.
        case makeDirectory = "mkdir"
    }

    /// Where COPY, ADD or a mount takes files from.
    public enum Origin: Hashable, Sendable {
        /// The build context.
        case context
        /// A stage, by its index in `BuildPlan.stages`.
        case stage(Int)
        /// An image.
        case image(BaseReference)
        /// The empty image.
        case scratch
    }

    /// A thing that COPY or ADD takes.
    public enum Source: Hashable, Sendable {
        /// A path of the origin, cleaned, without leading `/`; empty for its root.
        ///
        /// It may hold wildcards (`GoPattern.isWildcard`); with `--parents` they are those of `IgnoreMatcher`.
        case path(RelativePath)
        /// Such a path that was expanded from secrets, and its text.
        case secretPath(RelativePath, Expanded)
        /// A source that needs values of an unlocked base image: it may be any path.
        case symbolic(Value.Symbol)
        /// A heredoc: the file's name and bytes.
        case inline(name: String, data: Expanded)
        /// A URL or a Git reference, as text; its end may depend on an unlocked base image.
        case remote(Value)
    }

    /// The name of the stage, else its number.
    public let stage: String
    /// The first line of the instruction; for an ONBUILD trigger that of the FROM that runs it.
    public let line: Int
    /// The last line.
    public let endLine: Int
    /// The joined line before expansion.
    public let text: String
    /// What the step does.
    public let kind: Kind

    /// RUN: the argument vector.
    public var argv: [String] = []
    /// RUN: whether `argv` starts with the default shell because that of an unlocked base image is not known.
    public var assumesShell = false
    /// RUN: the environment that the Dockerfile sets, ARGs included; what only the base image sets is left out.
    public var environment: [String: Value] = [:]
    /// RUN: the working directory.
    public var workingDirectory: Value = .known("/")
    /// RUN, WORKDIR: the user.
    public var user: Value = .known("")
    /// RUN: the mounts.
    public var mounts: [RunMount] = []
    /// RUN: `default`, `none` or `host`.
    public var network = "default"
    /// RUN: `sandbox` or `insecure`.
    public var security = "sandbox"
    /// RUN: the devices asked for: `name` and `required`.
    public var devices: [[String: String]] = []

    /// COPY, ADD: where the sources are.
    public var origin: Origin = .context
    /// COPY, ADD: what is taken.
    public var sources: [Source] = []
    /// COPY, ADD, WORKDIR: the absolute destination; a trailing `/` means a folder.
    public var destination: Value = .known("/")
    /// COPY, ADD: the flags that say something, without dashes, expanded; switches have `true` or `false`.
    ///
    /// `pivot` is no flag of its own: with `--parents`, it holds for each path the folder before `/./`.
    public var flags: [String: [Expanded]] = [:]
    /// Whether an octal `--chmod` replaces the mode of every source.
    public var replacesModes = false

    /// What else decides the step, by name.
    ///
    /// The known variables of flags and heredocs that need values of an unlocked base image, and what ENV says of a
    /// name that a later ARG sets, too: engines differ in who wins.
    public var furtherValues: [String: Value] = [:]

    init(stage: String, line: Int, endLine: Int, text: String, kind: Kind) {
        self.stage = stage
        self.line = line
        self.endLine = endLine
        self.text = text
        self.kind = kind
    }
}
