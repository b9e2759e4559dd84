import OCI
import SystemCalls
import SystemPackage

/// Everything that flags, variables, the configuration file and the defaults say together.
public struct ProjectConfiguration: Sendable {
    /// The configuration file; nil where there is none.
    public let file: FilePath?
    /// The folder that the file's paths and globs are relative to: the file's own, else the repository's root, else the current.
    public let root: FilePath
    /// The root of the work tree around `root`; nil outside a repository.
    public let repository: FilePath?
    /// The cache folder, absolute.
    public let cacheDirectory: FilePath
    /// The container engine.
    public let engine: EngineChoice
    /// All images, in declared order.
    public let images: [ImageDeclaration]
    /// The images that this command is about, in declared order.
    public let selected: [ImageDeclaration]
    /// The test levels, in declared order.
    public let levels: [TestLevel]
    /// How much of the older versions is kept on this machine.
    public let storage: StorageLimits
    /// Whether the outcomes of commands are noted.
    public let keepsJournal: Bool
    /// What the tool does to the repository.
    public let git: GitSettings
    /// Whether no network connection may be opened.
    public let isOffline: Bool
    /// Whether the engine's own step cache may be used.
    public let usesEngineCache: Bool
    /// Whether an image is stored whose config holds the value of a secret argument.
    public let allowsSecretInImage: Bool
    /// How long to wait for the lock; nil is for ever.
    public let lockTimeout: Duration?
    /// How what needs trust is dealt with.
    public let trust: Trust
    /// What the file says and has no effect in this version; nil where there is nothing.
    public let warning: String?
    /// Every value with its origin, in the schema's order.
    public let settings: [Setting]
}

extension ProjectConfiguration {
    /// The images that this command is about; an error that says how to declare one where there is none.
    public func selectedImages() throws(ConfigurationError) -> [ImageDeclaration] {
        if !selected.isEmpty { return selected }
        throw ConfigurationError(
            "cannot find an image: \(file == nil ? "there is no \(ConfigurationFile.name)" : "none is declared")",
            hint: ConfigurationFile.hint)
    }

    /// The declared image of a name.
    public func image(_ name: ImageName) -> ImageDeclaration? {
        images.first { $0.name == name }
    }

    /// The level of a name; an error that names what is declared.
    public func level(_ name: String) throws(ConfigurationError) -> TestLevel {
        if let level = levels.first(where: { $0.name == name }) { return level }
        let names = levels.map(\.name)
        let guess = Spelling.nearest(to: name, in: names).map { "did you mean \(Printable.quoted($0))?" }
        let declared = names.isEmpty ? "no level is declared" : "declared: \(names.joined(separator: ", "))"
        throw ConfigurationError(
            "cannot find the level \(Printable.quoted(name)): not declared",
            hint: file == nil ? ConfigurationFile.hint : guess ?? declared)
    }

    /// The image that a level runs in; an error where none, or more than one, could be meant.
    public func image(of level: TestLevel) throws(ConfigurationError) -> ImageDeclaration {
        if let name = level.image, let image = image(name) { return image }
        let reason =
            selected.isEmpty ? "no image is declared" : "it names no image, and \(selected.count) could be meant"
        throw ConfigurationError(
            "cannot run the level \(level.name): \(reason)", hint: "write `image: NAME` below tests or the level")
    }
}
