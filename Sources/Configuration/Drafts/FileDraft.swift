import SystemCalls
import SystemPackage
import YAML

/// What the configuration file and the flags say, but for one image.
struct FileDraft: KeyedDraft {
    let file: ConfigurationFile
    let place: DraftPlace
    var origins: [String: Origin] = [:]
    var cache = "docker-cache"
    var engine = EngineChoice.automatic
    var images: [ImageDraft] = []
    var testImage: String?
    var levels: [LevelDraft] = []
    var storage = StorageLimits()
    var keepsJournal = true
    var git = GitSettings()
    var isOffline = false
    var buildsAnew = false
    var allowsSecretInImage = false
    var isTrusted = false
    var lockTimeout: Duration?

    /// The defaults.
    init() {
        file = ConfigurationFile(path: nil, root: "/", repository: nil, displayName: ConfigurationFile.name)
        place = DraftPlace(base: "/", folder: "/", isInRepository: false, environment: [:])
    }

    /// Reads the file, or the bytes that it is to have; nothing is said where there is none.
    init(
        _ file: ConfigurationFile, folder: FilePath, environment: [String: String], bytes given: [UInt8]? = nil
    ) throws(ConfigurationError) {
        self.file = file
        place = DraftPlace(
            base: file.root, folder: folder, isInRepository: file.repository != nil, environment: environment)
        let read: [UInt8]? = if let given { given } else { try file.read(environment: environment) }
        guard let bytes = read else { return }
        let document: YAMLNode?
        do throws(YAMLError) {
            document = try YAMLDocument.parse(bytes, file: file.displayName)
        } catch {
            throw ConfigurationError(error)
        }
        guard let node = document, !node.isNull else { return }
        try Self.keys.read(Field(node: node, path: "", file: file.displayName), into: &self)
    }

    /// What is said and has no effect yet, as one warning; nil where there is nothing.
    var warning: String? {
        let idle =
            images.flatMap { ImageDraft.keys.idle(in: $0, below: "images.\($0.name.value).") }
            + Self.keys.idle(in: self)
        return idle.isEmpty ? nil : "no effect yet: \(idle.joined(separator: ", "))"
    }

    /// Reads the images.
    mutating func readImages(_ field: Field) throws(ConfigurationError) {
        for (name, line, value) in try field.entries() {
            let name = Sourced(name, .file(file.displayName, line: line))
            images.append(try ImageDraft(name: name, field: value, in: place))
        }
    }

    /// Reads the test levels.
    mutating func readLevels(_ field: Field) throws(ConfigurationError) {
        for (name, _, value) in try field.entries() {
            let level = LevelDraft(name: name, field: value, root: file.root) { field throws(ConfigurationError) in
                try checkImage(try field.word(), field)
            }
            levels.append(level)
        }
    }

    /// Fails for an image that is not declared.
    func checkImage(_ image: String, _ field: Field) throws(ConfigurationError) {
        if images.contains(where: { $0.isNamed(by: image) }) { return }
        let guess = Spelling.nearest(to: image, in: images.map(\.name.value)).map {
            ", did you mean \(Printable.quoted($0))?"
        }
        throw field.error("the image \(Printable.quoted(image)) is not declared\(guess ?? "")")
    }

    /// The folder of the entries, below the project's own.
    static func cacheFolder(_ field: Field, _ file: ConfigurationFile) throws(ConfigurationError) -> String {
        let text = try field.word()
        let path = file.root.pushing(FilePath(text)).lexicallyNormalized()
        if path == file.boundary || !path.starts(with: file.boundary) {
            throw field.error(
                "expected a folder below \(file.repository == nil ? "this file's" : "the repository's root")")
        }
        if path.isInGitFolder(below: file.boundary) {
            throw field.error("\(Printable.quoted(text)) lies in Git's own folder")
        }
        return text
    }
}
