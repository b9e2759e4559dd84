import JSON

extension FileDraft {
    /// The keys of the whole file, and the flags that go with none; a new one is one more line.
    static let keys = KeyTable<FileDraft>([
        .of(
            "cache", .word, \.cache, "The folder of the entries.",
            read: { draft, field throws(ConfigurationError) in try cacheFolder(field, draft.file) },
            show: { .string($0) }),
        .choice(
            "engine", \.engine, flag: .engine,
            "podman, docker or buildah; auto is the first of them that answers."),
        Key(
            name: "images", form: imagesForm, unset: "none",
            text: "The images by their names; all further keys of an image are optional.",
            read: { draft, field throws(ConfigurationError) in try draft.readImages(field) },
            settings: { draft, _ in draft.images.flatMap { $0.settings() } }),
        .of(
            "tests.image", .word, \.testImage, unset: "the only image", "The image of levels that name none.",
            read: { draft, field throws(ConfigurationError) in
                try draft.checkImage(try field.word(), field)
                return try field.word()
            }, show: { $0.map { .string($0) } ?? .null }),
        Key(
            name: "tests.levels", form: .map(LevelDraft.form, names: KeyForm.levelNames), unset: "none",
            text: """
                The test levels by their names, each a command (a list of words, or one text that is split as a shell \
                does) or a map of keys.
                """,
            read: { draft, field throws(ConfigurationError) in try draft.readLevels(field) },
            settings: { draft, _ in draft.levels.flatMap { $0.settings() } }),
        .truth(
            "storage.image_cache.enabled", \.storage.isEnabled,
            "Whether older versions that nothing needs are kept on this machine (retention.md)."),
        .count(
            "storage.image_cache.max_count", \.storage.maximumCount,
            "How many versions of an image are kept; what Git needs is kept, too."),
        .number(
            "storage.image_cache.max_size_gb", \.storage.maximumGigabytes,
            "How many gigabytes all versions may take."),
        .count(
            "storage.image_cache.retention_days", \.storage.retentionDays,
            "How many days an unused version is kept."),
        .truth(
            "storage.image_cache.keep_tags", \.storage.keepsTags,
            "Whether versions that tags name are kept, whatever the limits say."),
        .count(
            "storage.image_cache.keep_commits", \.storage.keptCommits,
            "The versions of so many last commits of every local branch are kept, whatever the limits say."),
        .optionalNumber(
            "storage.image_cache.warn_size_gb", \.storage.warningGigabytes, unset: "none",
            "From so many gigabytes on `clean --limits` warns."),
        .optionalNumber(
            "storage.image_cache.critical_size_gb", \.storage.criticalGigabytes, unset: "none",
            "From so many gigabytes on `clean --limits` says critical."),
        .choice("storage.store", \.storage.form, "The form of the archives.").planned,
        .truth(
            "storage.journal", \.keepsJournal,
            "Whether commands note in Git's folder what they did about images (journal.md)."),
        stage,
        .choice(
            "git.worktree", \.git.worktree,
            "The archive in the work tree: auto (shared blocks where possible), copy, pointer."),
        .truth("offline", \.isOffline, flag: .offline, "Whether no network connection is opened.").ofFlag,
        .truth("no-cache", \.buildsAnew, flag: .noCache, "Whether every step is built anew.").ofFlag,
        .truth(
            "allow-secret-in-image", \.allowsSecretInImage, flag: .allowSecretInImage,
            "Whether an image is stored that holds the value of a secret argument."
        ).ofFlag,
        .truth("trust", \.isTrusted, flag: .trust, "Whether the configuration gets what it wants.").ofFlag,
        .of(
            "lock-timeout", .number, \.lockTimeout, unset: "for ever", flag: .lockTimeout,
            "How many seconds another command is waited for.", read: { _, _ in nil },
            said: { _, flag throws(ConfigurationError) in try flag.seconds() },
            show: { $0.map { .short($0 / .seconds(1)) } ?? .null }
        ).ofFlag,
    ])

    /// `git.stage`, for which `--no-stage` says never.
    private static let stage: Key<FileDraft> = {
        var key = Key<FileDraft>.choice(
            "git.stage", \.git.stage, flag: .noStage, "never: leave Git's index alone.")
        key.say = { draft, flag throws(ConfigurationError) in
            guard try flag.truth() else { return }
            draft.git.stage = .never
            draft.origins["git.stage"] = flag.origin
        }
        return key
    }()

    private static let imagesForm = KeyForm.map(
        .keys {
            let place = DraftPlace(base: "/", folder: "/", isInRepository: true, environment: [:])
            return ImageDraft.keys.descriptions(ImageDraft(name: Sourced(""), in: place))
        }, names: KeyForm.imageNames)
}

extension ProjectConfiguration {
    /// All keys of `cache-image.yml`, and the flags that go with none, for the documentation.
    package static var keys: [KeyDescription] { FileDraft.keys.descriptions(FileDraft()) }

    /// The JSON schema of `cache-image.yml`, draft 2020-12.
    public static var schema: JSONValue {
        let head: [JSONValue.Member] = [
            .init("$schema", "https://json-schema.org/draft/2020-12/schema"),
            .init("title", .string(ConfigurationFile.name)),
        ]
        // Maps for YAML anchors are not looked into.
        let anchors = JSONValue.Member("patternProperties", ["^x-": true])
        return .object(head + (KeyDescription.schema(of: keys).members ?? []) + [anchors])
    }
}
