import JSON
import SystemCalls

extension ImageDraft {
    /// The keys below `images.NAME`; a new one is one more line.
    static let keys = KeyTable<ImageDraft>([
        .optional("type", \.values.type, unset: "none", "Any word; --type picks by it."),
        .word("tag", \.tag, .pattern(KeyForm.tags), flag: .tag, "The tag."),
        .of(
            "dockerfile", .word, \.dockerfile,
            unset: "Dockerfile, else dockerfile, else Containerfile, also in the context",
            flag: .dockerfile, "The Dockerfile.",
            read: { draft, field throws(ConfigurationError) in try draft.place.path(field) },
            said: { draft, flag throws(ConfigurationError) in draft.place.path(flag) }, show: { .string($0.text) }
        ).only(.dockerfile),
        .of(
            "os", .word, \.os, unset: "none", "The template of an OS image, in place of a Dockerfile.",
            read: { draft, field throws(ConfigurationError) in try draft.place.path(field) },
            show: { $0.map { .string($0.text) } ?? .null }
        ).only(.os),
        .anything("buildpacks", \.buildpacks, "The buildpacks that make the image, in place of a Dockerfile.")
            .planned,
        .of(
            "context", .word, \.context, flag: .context, "The build context, a folder.",
            read: { draft, field throws(ConfigurationError) in try draft.place.path(field) },
            said: { draft, flag throws(ConfigurationError) in draft.place.path(flag) }, show: { .string($0.text) }
        ).only(.dockerfile, .buildpacks),
        .optional("target", \.values.target, unset: "the last stage", flag: .target, "The stage to build.")
            .only(.dockerfile),
        .optional(
            "platform", \.platform, unset: "the host's", flag: .platform,
            "Such as linux/arm64; platforms have entries of their own."),
        arguments,
        .of(
            "secretArgs", .list(.word), \.secretArguments,
            "Arguments that are secret though their names do not say so.",
            read: { _, field throws(ConfigurationError) in try secretNames(field) }, show: { .strings($0) }
        ).only(.dockerfile),
        .of(
            "secrets", .list(BuildSecret.form), \.values.secrets,
            "{id, env} or {id, file}: what a step may mount with --mount=type=secret; never counts.",
            read: { draft, field throws(ConfigurationError) in try BuildSecret.all(field, base: draft.place.base) },
            show: { .strings($0.map(\.written)) }
        ).only(.dockerfile),
        labels,
        .globs(
            "inputs", \.values.inputs, "Globs of further files that decide the image, such as compose.yml."),
        .pairs(
            "salt", \.values.salt, hidesSecrets: true,
            "Extra words that decide the image: {refresh: \"2026-11\"} rebuilds it once a month."),
        .words("localArgs", \.values.localArguments, "Arguments that do not count, at your own risk.")
            .only(.dockerfile),
        .of(
            "contextFiles", .choice(ImageDeclaration.ContextFiles.allCases.map(\.rawValue)), \.values.contextFiles,
            "clone: what a fresh clone holds; worktree: all that .dockerignore leaves (always so outside a repository).",
            read: { draft, field throws(ConfigurationError) in
                let choice: ImageDeclaration.ContextFiles = try field.choice()
                return draft.place.isInRepository ? choice : .worktree
            }, show: { .string($0.rawValue) }
        ).only(.dockerfile, .buildpacks),
        .globs(
            "includeIgnored", \.values.includeIgnored,
            "Globs of git-ignored files that count and are sent all the same."
        )
        .only(.dockerfile, .buildpacks),
        .truth("keepGitDir", \.values.keepsGitDirectory, "Whether .git is part of the context.").only(.dockerfile),
        .choice(
            "steps", \.values.steps,
            "Stages whose steps and base images other machines can reuse: none, final, or all, with the layers of all."
        )
        .only(.dockerfile),
        .optionalChoice("store", \.values.form, unset: "storage.store", "The form of the archive.").planned,
        .truth("cache", \.values.isCached, "false: always build, store nothing."),
        .texts(
            "buildOptions", \.values.buildOptions,
            "Options of the engine's build that do not count; paths are relative to the file."
        )
        .only(.dockerfile),
    ])

    /// The arguments, each with its own place.
    private static let arguments: Key<ImageDraft> = {
        var key = Key<ImageDraft>(
            name: "args", form: .map(.either([.text, .nothing]), names: KeyForm.argumentNames),
            text: "Build arguments; {NAME: } takes the caller's value, and the default of the ARG where it is not set.",
            flag: .buildArgument, recipes: [.dockerfile, .buildpacks],
            read: { draft, field throws(ConfigurationError) in try draft.readArguments(field) },
            settings: { draft, place in
                settings(
                    place + "args", draft.arguments, unset: draft.inheritedArguments, isSecret: draft.isSecret)
            })
        key.say = { draft, flag throws(ConfigurationError) in
            let (name, value) = try flag.pair()
            if !isArgumentName(name) { throw flag.origin.error("args", "\(Printable.quoted(name)) cannot be a name") }
            // As with the engines, a name alone takes the caller's value, and says nothing where there is none.
            let own = draft.place.environment[name]
            if value == nil, let own, let problem = problem(withVariable: name, own) { throw flag.error(problem) }
            guard let value = value ?? own else { return }
            draft.inheritedArguments[name] = nil
            draft.arguments[name] = Sourced(value, flag.origin)
        }
        return key
    }()

    private static let labels: Key<ImageDraft> = {
        var key = Key<ImageDraft>(
            name: "labels", form: .map(.text), text: "Labels added to the image.", flag: .label,
            recipes: [.dockerfile, .buildpacks],
            read: { draft, field throws(ConfigurationError) in draft.labels = try sourcedPairs(field) },
            settings: { draft, place in settings(place + "labels", draft.labels, isSecret: SecretName.matches) })
        key.say = { draft, flag throws(ConfigurationError) in
            let (name, value) = try flag.pair()
            draft.labels[name] = Sourced(value ?? "", flag.origin)
        }
        return key
    }()
}
