import SystemPackage

/// Where a value was said.
public enum Origin: Hashable, Sendable, CustomStringConvertible {
    /// A flag of the command line, with its dashes.
    case flag(String)
    /// An environment variable.
    case variable(String)
    /// A line of the configuration file, its path as messages name it.
    case file(String, line: Int)
    /// Nobody said it.
    case `default`

    /// `--tag`, `CACHE_IMAGE_TAG`, `cache-image.yml:7` or `default`.
    public var description: String {
        switch self {
        case .flag(let name), .variable(let name): name
        case .file(let file, let line): "\(file):\(line)"
        case .default: "default"
        }
    }
}
