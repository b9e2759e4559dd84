import SystemCalls
import SystemPackage

/// A test level as the file declares it.
///
/// A mistake in it is kept here, since it concerns nobody but who runs this level.
struct LevelDraft: Sendable {
    static let keys = [
        "command", "entrypoint", "image", "on", "mounts", "env", "passEnv", "user", "workdir", "network", "tty",
        "interactive", "options",
    ]

    /// What stands in front of the command.
    enum Entrypoint: Hashable, Sendable {
        /// The image's own ENTRYPOINT.
        case image
        /// These words, the program first.
        case words([String])
    }

    let name: String
    let origin: Origin
    var command = Sourced<[String]>([])
    var entrypoint = Sourced<Entrypoint?>(nil)
    var image = Sourced<String?>(nil)
    var place = Sourced(TestLevel.Place.container)
    var mounts = Sourced<[Mount]>([])
    var environment = Sourced<[String: String]>([:])
    var passedEnvironment = Sourced<[String]>([])
    var user = Sourced(TestLevel.User.image)
    var workingDirectory = Sourced<String?>(nil)
    var network = Sourced<String?>(nil)
    var usesTerminal = Sourced(false)
    var isInteractive = Sourced(false)
    var options = Sourced<[String]>([])
    var mistake: ConfigurationError?

    /// Reads a level; `checkImage` fails for an image that is not declared.
    init(
        name: String, field: Field, root: FilePath, checkImage: (Field) throws(ConfigurationError) -> Void
    ) {
        self.name = name
        origin = field.origin
        do throws(ConfigurationError) {
            try read(field, root, checkImage)
        } catch {
            mistake = error
        }
    }

    private mutating func read(
        _ field: Field, _ root: FilePath, _ checkImage: (Field) throws(ConfigurationError) -> Void
    ) throws(ConfigurationError) {
        let isName = name.utf8.allSatisfy { byte in
            byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: "/") && byte != UInt8(ascii: ":")
        }
        if name.isEmpty || name.hasPrefix("-") || !isName {
            throw field.error("\(quoted(name)) cannot be a level's name")
        }
        guard case .mapping(let entries) = field.node.content else {
            command = Sourced(try Self.command(field), field.origin)
            return
        }
        let fields = try field.fields(Self.keys)
        if entries.contains(where: { $0.key == "command" && $0.value.isNull }) {
            throw Self.missing(field, "leave the key out to run the image's own ENTRYPOINT and CMD")
        }
        func optional(_ field: Field) throws(ConfigurationError) -> String? { try field.word() }
        place = try Sourced(fields["on"], default: .container) { field throws(ConfigurationError) in
            try field.choice()
        }
        command = try Sourced(fields["command"], default: []) { field throws(ConfigurationError) in
            try Self.command(field)
        }
        entrypoint = try Sourced(fields["entrypoint"], default: nil) { field throws(ConfigurationError) in
            if place.value == .host { throw field.error("a level on the host has none") }
            return try Self.entrypoint(field)
        }
        image = try Sourced(fields["image"], default: nil) { field throws(ConfigurationError) in
            try checkImage(field)
            return try field.word()
        }
        mounts = try Sourced(fields["mounts"], default: []) { field throws(ConfigurationError) in
            var mounts: [Mount] = []
            let elements = try field.elements()
            if elements.count > InputLimit.mounts { throw field.error("more than \(InputLimit.mounts) mounts") }
            for element in elements {
                let mount = try Mount(element, root: root)
                if place.value == .container { try mount.checkSource(element) }
                mounts.append(mount)
            }
            return mounts
        }
        environment = try Sourced(fields["env"], default: [:]) { field throws(ConfigurationError) in
            try field.pairs()
        }
        passedEnvironment = try Sourced(fields["passEnv"], default: []) { field throws(ConfigurationError) in
            // podman takes a star at the end for the start of many names, and what has a `=` for a value.
            for name in try field.elements() where try name.word().contains(where: { $0 == "=" || $0 == "*" }) {
                throw name.error("\(quoted(try name.word())) cannot be a name")
            }
            return try field.words()
        }
        user = try Sourced(fields["user"], default: .image) { field throws(ConfigurationError) in
            let text = try field.word()
            return text == "host" ? .host : text == "image" ? .image : .named(text)
        }
        workingDirectory = try Sourced(fields["workdir"], default: nil) { field throws(ConfigurationError) in
            let text = try field.word()
            if !text.hasPrefix("/"), place.value == .container {
                throw field.error("expected an absolute path, found \(quoted(text))")
            }
            return text
        }
        network = try Sourced(fields["network"], default: nil, optional)
        usesTerminal = try Sourced(fields["tty"], default: false) { field throws(ConfigurationError) in
            try field.truth()
        }
        isInteractive = try Sourced(fields["interactive"], default: false) { field throws(ConfigurationError) in
            try field.truth()
        }
        options = try Sourced(fields["options"], default: []) { field throws(ConfigurationError) in
            try field.texts()
        }
        if command.value.isEmpty {
            if place.value == .host { throw Self.missing(field, "a level on the host runs nothing of the image") }
            if entrypoint.value == .words([]) {
                throw Self.missing(field, "without the image's ENTRYPOINT it needs one")
            }
        }
        if let field = fields["options"], place.value == .container {
            let says = !command.value.isEmpty || entrypoint.value.map { $0 != .image && $0 != .words([]) } ?? false
            if let mistake = RunOptionMistake.first(in: options.value, hasCommand: says, root: root) {
                throw mistake.error(try field.elements())
            }
        }
    }

    private static func missing(_ field: Field, _ hint: String? = nil) -> ConfigurationError {
        field.error("it has no command", hint: hint)
    }

    /// The command; its program may not be empty, any other word may.
    private static func command(_ field: Field) throws(ConfigurationError) -> [String] {
        if field.node.isNull { throw missing(field, "write {} to run the image's own ENTRYPOINT and CMD") }
        let words = try field.command()
        guard let program = words.first, !program.isEmpty else { throw field.error("the command is empty") }
        return words
    }

    /// `image`, or the program and its first arguments; as elsewhere, an empty one is none.
    private static func entrypoint(_ field: Field) throws(ConfigurationError) -> Entrypoint {
        if case .scalar("image", _) = field.node.content { return .image }
        let words = try field.command()
        if words.isEmpty || words == [""] { return .words([]) }
        if words[0].isEmpty { throw field.error("its program is empty") }
        return .words(words)
    }
}
