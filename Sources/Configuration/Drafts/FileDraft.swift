import SystemCalls
import SystemPackage

/// What the configuration file says.
struct FileDraft: Sendable {
    var cache = Sourced("docker-cache")
    var engine = Sourced(EngineChoice.automatic)
    var images: [ImageDraft] = []
    var testImage = Sourced<String?>(nil)
    var levels: [LevelDraft] = []
    var storesOlder = Sourced(true)
    var maximumCount = Sourced(5)
    var maximumGigabytes = Sourced(10.0)
    var retentionDays = Sourced(30)
    var stage = Sourced(GitSettings.Stage.automatic)
    var worktree = Sourced(GitSettings.Worktree.automatic)

    /// Reads the file; nothing is said where there is none.
    init(_ file: ConfigurationFile, environment: [String: String]) throws(ConfigurationError) {
        guard let bytes = try file.read(environment: environment) else { return }
        guard let node = try YAMLDocument.parse(bytes, file: file.displayName), !node.isNull else { return }
        let root = Field(node: node, path: "", file: file.displayName)
        let fields = try root.fields(["cache", "engine", "images", "tests", "storage", "git"])
        cache = try Sourced(fields["cache"], default: cache.value) { field throws(ConfigurationError) in
            try Self.cacheFolder(field, file)
        }
        engine = try Sourced(fields["engine"], default: .automatic) { field throws(ConfigurationError) in
            try field.choice()
        }
        for (name, line, value) in try fields["images"]?.entries() ?? [] {
            images.append(
                try ImageDraft(
                    name: Sourced(name, .file(file.displayName, line: line)), field: value, base: file.root,
                    isInRepository: file.repository != nil, environment: environment))
        }
        if let field = fields["tests"] { try readTests(field, file) }
        if let field = fields["storage"] { try readStorage(field) }
        if let field = fields["git"] {
            let fields = try field.fields(["stage", "worktree"])
            stage = try Sourced(fields["stage"], default: stage.value) { field throws(ConfigurationError) in
                try field.choice()
            }
            worktree = try Sourced(fields["worktree"], default: worktree.value) { field throws(ConfigurationError) in
                try field.choice()
            }
        }
    }

    private static func cacheFolder(_ field: Field, _ file: ConfigurationFile) throws(ConfigurationError) -> String {
        let text = try field.word()
        let path = file.root.pushing(FilePath(text)).lexicallyNormalized()
        if path == file.boundary || !path.starts(with: file.boundary) {
            throw field.error(
                "expected a folder below \(file.repository == nil ? "this file's" : "the repository's root")")
        }
        if path.isInGitFolder(below: file.boundary) { throw field.error("\(quoted(text)) lies in Git's own folder") }
        return text
    }

    private mutating func readTests(_ field: Field, _ file: ConfigurationFile) throws(ConfigurationError) {
        let fields = try field.fields(["image", "levels"])
        testImage = try Sourced(fields["image"], default: nil) { field throws(ConfigurationError) in
            try declared(try field.word(), field)
        }
        for (name, _, value) in try fields["levels"]?.entries() ?? [] {
            levels.append(
                LevelDraft(name: name, field: value, root: file.root) { field throws(ConfigurationError) in
                    _ = try declared(try field.word(), field)
                })
        }
    }

    private func declared(_ image: String, _ field: Field) throws(ConfigurationError) -> String? {
        if images.contains(where: { $0.isNamed(by: image) }) { return image }
        let guess = Spelling.nearest(to: image, in: images.map(\.name.value)).map { ", did you mean \(quoted($0))?" }
        throw field.error("the image \(quoted(image)) is not declared\(guess ?? "")")
    }

    private mutating func readStorage(_ field: Field) throws(ConfigurationError) {
        guard let cache = try field.fields(["image_cache"])["image_cache"] else { return }
        let fields = try cache.fields(["enabled", "max_count", "max_size_gb", "retention_days"])
        func count(_ field: Field) throws(ConfigurationError) -> Int { try field.count() }
        storesOlder = try Sourced(fields["enabled"], default: true) { field throws(ConfigurationError) in
            try field.truth()
        }
        maximumCount = try Sourced(fields["max_count"], default: maximumCount.value, count)
        maximumGigabytes = try Sourced(fields["max_size_gb"], default: maximumGigabytes.value) {
            field throws(ConfigurationError) in try field.number()
        }
        retentionDays = try Sourced(fields["retention_days"], default: retentionDays.value, count)
    }
}
