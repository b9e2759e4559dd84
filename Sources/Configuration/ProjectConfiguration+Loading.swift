import JSON
import OCI
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
            named: flags.value("--config", overrides.config)?.value, from: folder, workTree: workTree,
            refusal: refusal)
        let draft: FileDraft
        do { draft = try FileDraft(file, environment: environment) } catch {
            // Conflict markers are no YAML.
            throw file.path.flatMap(refusal) ?? error
        }

        var images = draft.images
        let chosen = try Self.choose(&images, overrides, flags, file, folder)
        if chosen.count > 1 {
            for (flag, given) in [
                ("--dockerfile", overrides.dockerfile), ("--context", overrides.context),
                ("--target", overrides.target),
            ] where flags.value(flag, given) != nil {
                throw ConfigurationError(
                    "cannot use \(flag): it is about one image, and \(chosen.count) are chosen",
                    hint: "name one of \(alternatives(chosen.map { images[$0].name.value }))")
            }
        }
        for index in chosen {
            try images[index].apply(overrides, flags, folder: folder, environment: environment)
        }
        var declarations: [ImageDeclaration] = []
        var stems: [String: Int] = [:]
        for index in images.indices { images[index].findDockerfile(isLeftOut: { refusal($0) != nil }) }
        for (index, image) in images.enumerated() {
            let declaration = try image.declaration(in: file)
            if let other = stems.updateValue(index, forKey: declaration.stem) {
                throw image.name.origin.error(
                    "images.\(image.name.value)",
                    "\(declaration.name) and \(declarations[other].name) have one file name, \(declaration.stem).tar")
            }
            declarations.append(declaration)
        }

        let engine = try flags.choice("--engine", overrides.engine).map { choice in
            Sourced<EngineChoice>(choice, flags.value("--engine", overrides.engine)?.origin ?? .default)
        }
        let timeout = try Self.seconds(flags, overrides.lockTimeout)
        let offline = try Self.truth(flags, "--offline", overrides.offline)
        let noStage = try Self.truth(flags, "--no-stage", overrides.noStage)
        let noCache = try Self.truth(flags, "--no-cache", overrides.noCache)
        let allowSecret = try Self.truth(flags, "--allow-secret-in-image", overrides.allowSecretInImage)
        let trust = try Self.truth(flags, "--trust", overrides.trust, isExact: true)
        let stage = noStage.value ? Sourced(GitSettings.Stage.never, noStage.origin) : draft.stage

        var settings = [
            Setting("cache", .string(draft.cache.value), draft.cache.origin),
            Setting("engine", .string((engine ?? draft.engine).value.rawValue), (engine ?? draft.engine).origin),
        ]
        settings += images.flatMap { $0.settings() }
        settings.append(
            Setting("tests.image", draft.testImage.value.map { .string($0) } ?? .null, draft.testImage.origin))
        settings += draft.levels.flatMap { $0.settings() }
        settings += [
            Setting("storage.image_cache.enabled", .bool(draft.storesOlder.value), draft.storesOlder.origin),
            Setting(
                "storage.image_cache.max_count", .integer(Int64(draft.maximumCount.value)), draft.maximumCount.origin),
            Setting(
                "storage.image_cache.max_size_gb", Self.number(draft.maximumGigabytes.value),
                draft.maximumGigabytes.origin),
            Setting(
                "storage.image_cache.retention_days", .integer(Int64(draft.retentionDays.value)),
                draft.retentionDays.origin),
            Setting("git.stage", .string(stage.value.rawValue), stage.origin),
            Setting("git.worktree", .string(draft.worktree.value.rawValue), draft.worktree.origin),
            Setting("offline", .bool(offline.value), offline.origin),
            Setting("no-cache", .bool(noCache.value), noCache.origin),
            Setting("trust", .bool(trust.value), trust.origin),
            Setting("lock-timeout", timeout.value.map { Self.number($0 / .seconds(1)) } ?? .null, timeout.origin),
        ]
        return ProjectConfiguration(
            file: file.path, root: file.root, repository: file.repository,
            cacheDirectory: file.root.pushing(FilePath(draft.cache.value)).lexicallyNormalized(),
            engine: (engine ?? draft.engine).value, images: declarations, selected: chosen.map { declarations[$0] },
            levels: Self.levels(draft, overrides, declarations, chosen),
            storage: StorageLimits(
                isEnabled: draft.storesOlder.value, maximumCount: draft.maximumCount.value,
                maximumBytes: Int64(draft.maximumGigabytes.value * 1e9), retentionDays: draft.retentionDays.value),
            git: GitSettings(stage: stage.value, worktree: draft.worktree.value), isOffline: offline.value,
            usesEngineCache: !noCache.value, allowsSecretInImage: allowSecret.value, lockTimeout: timeout.value,
            trust: Self.trust(trust), settings: settings)
    }

    private static func trust(_ said: Sourced<Bool>) -> Trust {
        guard said.value else { return .asked }
        if case .flag = said.origin { return .given }
        return .givenForThisRun
    }

    /// Which images the command is about; `--name` may add one.
    private static func choose(
        _ images: inout [ImageDraft], _ overrides: Overrides, _ flags: FlagValues, _ file: ConfigurationFile,
        _ folder: FilePath
    ) throws(ConfigurationError) -> [Int] {
        if let (name, origin) = flags.value("--name", overrides.name) {
            if let operand = overrides.images.first {
                throw ConfigurationError(
                    "cannot use \(origin) together with the image \(quoted(operand)): name one image")
            }
            if let index = images.firstIndex(where: { $0.name.value == name }) { return [index] }
            images.append(
                ImageDraft(name: Sourced(name, origin), base: folder, isInRepository: file.repository != nil))
            return [images.count - 1]
        }
        var chosen = Array(images.indices)
        if let (type, origin) = flags.value("--type", overrides.type) {
            chosen = chosen.filter { images[$0].type.value == type }
            if chosen.isEmpty {
                let types = Set(images.compactMap(\.type.value)).sorted()
                let guess = Spelling.nearest(to: type, in: types).map { ", did you mean \(quoted($0))?" } ?? ""
                throw ConfigurationError("cannot use \(origin) \(quoted(type)): no image has this type\(guess)")
            }
        }
        if overrides.images.isEmpty { return chosen }
        var named: Set<Int> = []
        let tag = flags.value("--tag", overrides.tag)?.value
        for operand in overrides.images {
            let matches = chosen.filter { index in
                images[index].isNamed(by: operand)
                    || tag.map { operand == "\(images[index].name.value):\($0)" } ?? false
            }
            if matches.isEmpty {
                let names = images.map { "\($0.name.value):\($0.tag.value)" }
                let guess =
                    Spelling.nearest(to: operand, in: images.map(\.name.value))
                    ?? Spelling.nearest(to: operand, in: names)
                let place =
                    file.path == nil ? "there is no \(ConfigurationFile.name)" : "not declared in \(file.displayName)"
                throw ConfigurationError(
                    "cannot find the image \(quoted(operand)): \(place)",
                    hint: guess.map { "did you mean \(quoted($0))?" }
                        ?? (names.isEmpty
                            ? "write a \(ConfigurationFile.name), or name an image with --name"
                            : "declared: \(names.joined(separator: ", "))"))
            }
            named.formUnion(matches)
        }
        return named.sorted()
    }

    /// The levels, each with its image: its own, that of `tests`, or the only one that can be meant.
    private static func levels(
        _ draft: FileDraft, _ overrides: Overrides, _ images: [ImageDeclaration], _ chosen: [Int]
    ) -> [TestLevel] {
        draft.levels.map { level in
            let wanted = level.image.value ?? draft.testImage.value
            let index = wanted.flatMap { name in draft.images.firstIndex { $0.isNamed(by: name) } }
            // A chosen image (`--type`, `--name`) goes before the file's where it is the only one.
            if let index, chosen.contains(index) || chosen.count != 1 { return level.level(in: images[index]) }
            return level.level(in: chosen.count == 1 ? images[chosen[0]] : nil)
        }
    }

    private static func seconds(_ flags: FlagValues, _ given: String?) throws(ConfigurationError) -> Sourced<Duration?>
    {
        guard let (text, origin) = flags.value("--lock-timeout", given) else { return Sourced(nil) }
        guard let value = Double(text), value >= 0, value < 1e9 else {
            throw ConfigurationError("cannot use \(origin) \(quoted(text)): expected a number of seconds")
        }
        return Sourced(.seconds(value), origin)
    }

    private static func number(_ value: Double) -> JSONValue {
        value == value.rounded() ? .integer(Int64(value)) : .number(value)
    }

    /// - Parameter isExact: Whether a variable may say 1 or 0 only, since nobody is to give what it gives by chance.
    private static func truth(
        _ flags: FlagValues, _ flag: String, _ given: Bool, isExact: Bool = false
    ) throws(ConfigurationError) -> Sourced<Bool> {
        guard let (text, origin) = flags.value(flag, given ? "1" : nil) else { return Sourced(false) }
        switch text.lowercased() {
        case let word where isExact && word != "1" && word != "0": break
        case "1", "true", "yes", "on": return Sourced(true, origin)
        case "0", "false", "no", "off": return Sourced(false, origin)
        default: break
        }
        throw ConfigurationError("cannot use \(origin) \(quoted(text)): expected 1 or 0")
    }
}
