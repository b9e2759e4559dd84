import Configuration

/// How the program shows what it does.
public struct DisplayOptions: Sendable {
    /// When output is coloured.
    public enum Color: String, CaseIterable, Sendable {
        case automatic = "auto"
        case always, never
    }

    /// How progress is shown.
    public enum Progress: String, CaseIterable, Sendable {
        /// `tty` on a terminal, else `plain`.
        case automatic = "auto"
        /// A line now and then.
        case plain
        /// One line that is written over and over.
        case terminal = "tty"
        /// One JSON object per line.
        case json
        case none
    }

    /// When output is coloured.
    public var color: Color
    /// How progress is shown.
    public var progress: Progress
    /// `-q`: neither notes nor progress nor engine output.
    public var isQuiet: Bool
    /// How often `-v` was given.
    public var verbosity: Int
    /// `--json`: stdout carries one JSON document.
    public var isJSON: Bool

    /// Reads `--color` and `--progress`, else their variables `CACHE_IMAGE_COLOR` and `CACHE_IMAGE_PROGRESS`.
    public init(
        color: String? = nil, progress: String? = nil, isQuiet: Bool = false, verbosity: Int = 0, isJSON: Bool = false,
        environment: [String: String]
    ) throws(ConfigurationError) {
        let flags = FlagValues(environment: environment)
        self.color = try flags.choice(.color, color) ?? .automatic
        self.progress = try flags.choice(.progress, progress) ?? .automatic
        self.isQuiet = isQuiet
        self.verbosity = verbosity
        self.isJSON = isJSON
    }

    /// What no flag and no variable changes; for messages about flags and variables that cannot be used.
    public static let standard = DisplayOptions()

    private init() {
        (color, progress, isQuiet, verbosity, isJSON) = (.automatic, .automatic, false, 0, false)
    }
}
