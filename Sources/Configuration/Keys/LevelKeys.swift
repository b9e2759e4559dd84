import JSON
import SystemCalls

extension LevelDraft {
    /// The keys below `tests.levels.LEVEL`; a new one is one more line.
    static let keys = KeyTable<LevelDraft>([
        .of(
            "command", commandForm, \.level.command, unset: "the image's own ENTRYPOINT and CMD",
            "The command; it takes the place of the image's ENTRYPOINT.",
            read: { _, field throws(ConfigurationError) in try command(field) },
            show: { $0.isEmpty ? .null : .strings($0) }),
        .of(
            "entrypoint", commandForm, \.entrypoint, unset: "none; the image's where there is no command",
            "image: the command is an argument of the image's ENTRYPOINT; or a list of words in its place.",
            read: { _, field throws(ConfigurationError) in try entrypoint(field) }, show: { _ in .null }
        ).shown { $0.entrypointWords.map { .strings($0) } ?? "image" },
        .optional("image", \.image, unset: "tests.image", "A declared image."),
        .choice(
            "on", \.level.place,
            "host: the command runs here, with the loaded image's name in CACHE_IMAGE_REF."),
        .of(
            "mounts", .list(.word), \.level.mounts,
            "SOURCE:TARGET[:OPTIONS]; a source that begins with . or / is a path and must be there, any other a volume.",
            read: { draft, field throws(ConfigurationError) in try Mount.all(field, root: draft.root) },
            show: { .strings($0.map(\.written)) }
        ).ofContainers,
        .pairs("env", \.level.environment, hidesSecrets: true, "Variables."),
        .of(
            "passEnv", .list(.word), \.level.passedEnvironment, "Variables handed through where they are set.",
            read: { _, field throws(ConfigurationError) in try names(field) }, show: { .strings($0) }),
        .of(
            "user", .word, \.level.user, unset: "the image's", "A user; host is your own uid and gid.",
            read: { _, field throws(ConfigurationError) in
                let text = try field.word()
                return text == "host" ? .host : text == "image" ? .image : .named(text)
            },
            show: { $0.written }
        ).ofContainers,
        .optional("workdir", \.level.workingDirectory, unset: "the image's", "The working folder."),
        .optional("network", \.level.network, unset: "the engine's", "The network, such as none.").ofContainers,
        .truth(
            "tty", \.level.usesTerminal,
            "true: a terminal for a shell or debugger, where stdin and stdout are one."
        ).ofContainers,
        .truth(
            "interactive", \.level.isInteractive,
            "true: the command reads standard input although it is no terminal, as with run-tests --interactive."),
        .of(
            "timeout", .pattern(TimeSpan.pattern), \.level.timeout, unset: "none",
            "How long the command may take, in seconds or as in 10m or 1h30m; then it is ended, with status 124.",
            read: { _, field throws(ConfigurationError) -> Int? in
                let text = try field.word()
                guard let seconds = TimeSpan.seconds(text) else {
                    throw field.error(
                        "expected seconds or a time such as 90s, 10m, 1h30m, at most a week, found \(Printable.quoted(text))"
                    )
                }
                return seconds
            }, show: { $0.map { .string(TimeSpan.text($0)) } ?? .null }),
        .texts(
            "options", \.level.options, "Further options of the engine's run; paths are relative to the file."
        ).ofContainers,
    ])

    /// The form of a command: a list of words, or a text that is split.
    private static let commandForm = KeyForm.either([.list(.text), .word])

    /// The form of a level: its command alone, or its keys.
    static let form = KeyForm.either([commandForm, .keys { keys.descriptions(LevelDraft(name: "", root: "/")) }])
}

extension TestLevel.User {
    /// The user as the file has it.
    fileprivate var written: JSONValue {
        switch self {
        case .image: "image"
        case .host: "host"
        case .named(let name): .string(name)
        }
    }
}
