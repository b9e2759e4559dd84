import SystemCalls
import SystemPackage

extension ProjectConfiguration {
    /// Puts flags, variables, file and defaults together, each before the next, and checks every value.
    ///
    /// - Parameters:
    ///   - overrides: The flags.
    ///   - folder: The current folder (after `-C`), absolute.
    ///   - workTree: The work tree that Git sees around `ConfigurationFile.searchFolder`; nil where it sees none.
    ///   - environment: The variables.
    ///   - refusal: Why a file must be neither passed over as missing nor read: Git tracks it, and the checkout leaves it
    ///     out or a merge left it unresolved; nil for any other.
    public static func load(
        _ overrides: Overrides, from folder: FilePath? = nil, workTree: FilePath?, environment: [String: String],
        refusal: (FilePath) -> ConfigurationError? = { _ in nil }
    ) throws(ConfigurationError) -> ProjectConfiguration {
        let folder: FilePath = if let folder { folder } else { try ConfigurationFile.currentFolder() }
        let flags = FlagValues(environment: environment)
        let file = try ConfigurationFile.find(
            named: flags.said(.config, overrides)?.text, from: folder, workTree: workTree, refusal: refusal)
        let draft: FileDraft
        do { draft = try FileDraft(file, folder: folder, environment: environment) } catch {
            // Conflict markers are no YAML.
            throw file.path.flatMap(refusal) ?? error
        }
        return try make(draft, overrides, flags, refusal)
    }

    /// What a file would say that is not written yet.
    ///
    /// - Parameters:
    ///   - text: The file's bytes.
    ///   - folder: The folder in which it is to stand.
    ///   - workTree: The work tree around that.
    ///   - environment: The variables.
    public static func propose(
        _ text: [UInt8], in folder: FilePath, workTree: FilePath, environment: [String: String]
    ) throws(ConfigurationError) -> ProjectConfiguration {
        let file = ConfigurationFile(
            path: folder.appending(ConfigurationFile.name), root: folder, repository: workTree,
            displayName: ConfigurationFile.name)
        let draft = try FileDraft(file, folder: folder, environment: environment, bytes: text)
        return try make(draft, Overrides(), FlagValues(environment: [:])) { _ in nil }
    }

    private static func make(
        _ read: FileDraft, _ overrides: Overrides, _ flags: FlagValues,
        _ refusal: (FilePath) -> ConfigurationError?
    ) throws(ConfigurationError) -> ProjectConfiguration {
        var draft = read
        let file = draft.file
        let chosen = try choose(&draft, overrides, flags)
        for index in chosen { try ImageDraft.keys.apply(overrides, flags, to: &draft.images[index]) }
        for index in draft.images.indices { draft.images[index].findDockerfile(isLeftOut: { refusal($0) != nil }) }
        let images = try declarations(of: draft)
        try FileDraft.keys.apply(overrides, flags, to: &draft)
        return ProjectConfiguration(
            file: file.path, root: file.root, repository: file.repository,
            cacheDirectory: file.root.pushing(FilePath(draft.cache)).lexicallyNormalized(),
            engine: draft.engine, images: images, selected: chosen.map { images[$0] },
            levels: levels(draft, images, chosen), storage: draft.storage,
            keepsJournal: draft.keepsJournal, git: draft.git, isOffline: draft.isOffline,
            usesEngineCache: !draft.buildsAnew,
            allowsSecretInImage: draft.allowsSecretInImage, lockTimeout: draft.lockTimeout, trust: trust(draft),
            warning: draft.warning, settings: FileDraft.keys.settings(of: draft))
    }

    /// The images, of which no two may have one file name.
    private static func declarations(of draft: FileDraft) throws(ConfigurationError) -> [ImageDeclaration] {
        var declarations: [ImageDeclaration] = []
        var stems: [String: Int] = [:]
        for (index, image) in draft.images.enumerated() {
            let declaration = try image.declaration(in: draft.file)
            if let other = stems.updateValue(index, forKey: declaration.stem) {
                throw image.name.origin.error(
                    "images.\(image.name.value)",
                    "\(declaration.name) and \(declarations[other].name) have one file name, \(declaration.stem).tar")
            }
            declarations.append(declaration)
        }
        return declarations
    }

    private static func trust(_ draft: FileDraft) -> Trust {
        guard draft.isTrusted else { return .asked }
        if case .flag = draft.origin("trust") { return .given }
        return .givenForThisRun
    }

    /// Which images the command is about; `--name` may add one.
    private static func choose(
        _ draft: inout FileDraft, _ overrides: Overrides, _ flags: FlagValues
    ) throws(ConfigurationError) -> [Int] {
        if let said = flags.said(.imageName, overrides) {
            let (name, origin) = (said.text, said.origin)
            if let operand = overrides.images.first {
                throw ConfigurationError(
                    "cannot use \(origin) together with the image \(Printable.quoted(operand)): name one image")
            }
            if let index = draft.images.firstIndex(where: { $0.name.value == name }) { return [index] }
            var place = draft.place
            place.base = place.folder
            draft.images.append(ImageDraft(name: Sourced(name, origin), in: place))
            return [draft.images.count - 1]
        }
        draft.addLoneImage()
        let chosen = try named(overrides, flags, in: draft)
        if chosen.count > 1 {
            let flag = ImageDraft.keys.keys.compactMap(\.flag).first {
                $0.isOfOneImage && flags.said($0, overrides) != nil
            }
            if let flag {
                throw ConfigurationError(
                    "cannot use \(flag.name): it is about one image, and \(chosen.count) are chosen",
                    hint: "name one of \(Printable.alternatives(chosen.map { draft.images[$0].name.value }))")
            }
        }
        return chosen
    }

    /// The images that operands and `--type` name; without both all of them.
    private static func named(
        _ overrides: Overrides, _ flags: FlagValues, in draft: FileDraft
    ) throws(ConfigurationError) -> [Int] {
        let images = draft.images
        var chosen = Array(images.indices)
        if let said = flags.said(.type, overrides) {
            chosen = chosen.filter { images[$0].values.type == said.text }
            if chosen.isEmpty {
                let types = Set(images.compactMap(\.values.type)).sorted()
                let guess =
                    Spelling.nearest(to: said.text, in: types).map { ", did you mean \(Printable.quoted($0))?" } ?? ""
                throw said.error("no image has this type\(guess)")
            }
        }
        if overrides.images.isEmpty { return chosen }
        var named: Set<Int> = []
        let tag = flags.said(.tag, overrides)?.text
        for operand in overrides.images {
            let matches = chosen.filter { index in
                images[index].isNamed(by: operand)
                    || tag.map { operand == "\(images[index].name.value):\($0)" } ?? false
            }
            if matches.isEmpty {
                let names = images.map { "\($0.name.value):\($0.tag)" }
                let guess =
                    Spelling.nearest(to: operand, in: images.map(\.name.value))
                    ?? Spelling.nearest(to: operand, in: names)
                let place =
                    draft.file.path == nil
                    ? "there is no \(ConfigurationFile.name)" : "not declared in \(draft.file.displayName)"
                throw ConfigurationError(
                    "cannot find the image \(Printable.quoted(operand)): \(place)",
                    hint: guess.map { "did you mean \(Printable.quoted($0))?" }
                        ?? (names.isEmpty
                            ? ConfigurationFile.hint
                            : "declared: \(names.joined(separator: ", "))"))
            }
            named.formUnion(matches)
        }
        return named.sorted()
    }

    /// The levels, each with its image: its own, that of `tests`, or the only one that can be meant.
    private static func levels(
        _ draft: FileDraft, _ images: [ImageDeclaration], _ chosen: [Int]
    ) -> [TestLevel] {
        draft.levels.map { level in
            let wanted = level.image ?? draft.testImage
            let index = wanted.flatMap { name in draft.images.firstIndex { $0.isNamed(by: name) } }
            // A chosen image (`--type`, `--name`) goes before the file's where it is the only one.
            if let index, chosen.contains(index) || chosen.count != 1 { return level.level(in: images[index]) }
            return level.level(in: chosen.count == 1 ? images[chosen[0]] : nil)
        }
    }
}
