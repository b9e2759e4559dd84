import SystemCalls
import SystemPackage

/// A test level as the file declares it.
///
/// A mistake in it is kept here, since it concerns nobody but who runs this level.
struct LevelDraft: KeyedDraft {
    /// What stands in front of the command.
    enum Entrypoint: Hashable, Sendable {
        /// The image's own ENTRYPOINT.
        case image
        /// These words, the program first.
        case words([String])
    }

    let root: FilePath
    var origins: [String: Origin] = [:]
    /// Where the level was declared.
    private(set) var declared = Origin.default
    /// The values that need no more work.
    var level: TestLevel
    var entrypoint: Entrypoint?
    var image: String?

    /// A level with the defaults.
    init(name: String, root: FilePath) {
        self.root = root
        level = TestLevel(name: name)
    }

    /// Reads a level; `checkImage` fails for an image that is not declared.
    init(
        name: String, field: Field, root: FilePath, checkImage: (Field) throws(ConfigurationError) -> Void
    ) {
        self.init(name: name, root: root)
        declared = field.origin
        do throws(ConfigurationError) {
            try read(field, checkImage)
        } catch {
            level.mistake = error
        }
    }

    private mutating func read(
        _ field: Field, _ checkImage: (Field) throws(ConfigurationError) -> Void
    ) throws(ConfigurationError) {
        let isName = level.name.utf8.allSatisfy { byte in
            byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: "/") && byte != UInt8(ascii: ":")
        }
        if level.name.isEmpty || level.name.hasPrefix("-") || !isName {
            throw field.error("\(Printable.quoted(level.name)) cannot be a level's name")
        }
        guard case .mapping(let entries) = field.node.content else {
            level.command = try Self.command(field)
            origins["command"] = field.origin
            return
        }
        let fields = try Self.keys.fields(of: field)
        if entries.contains(where: { $0.key == "command" && $0.value.isNull }) {
            throw Self.missing(field, "leave the key out to run the image's own ENTRYPOINT and CMD")
        }
        try Self.keys.read(fields, into: &self)
        if let field = fields["image"] { try checkImage(field) }
        if level.place == .host {
            try checkOnHost(field, fields)
        } else {
            try checkInContainer(field, fields)
        }
    }

    private func checkOnHost(_ field: Field, _ fields: [String: Field]) throws(ConfigurationError) {
        if let field = fields["entrypoint"] { throw field.error("a level on the host has none") }
        if level.command.isEmpty { throw Self.missing(field, "a level on the host runs nothing of the image") }
    }

    private func checkInContainer(_ field: Field, _ fields: [String: Field]) throws(ConfigurationError) {
        for (mount, element) in zip(level.mounts, try fields["mounts"]?.elements() ?? []) {
            try mount.checkSource(element)
        }
        if let folder = level.workingDirectory, !folder.hasPrefix("/") {
            throw (fields["workdir"] ?? field).error("expected an absolute path, found \(Printable.quoted(folder))")
        }
        if level.command.isEmpty, entrypoint == .words([]) {
            throw Self.missing(field, "without the image's ENTRYPOINT it needs one")
        }
        guard let options = fields["options"] else { return }
        let hasCommand = !level.command.isEmpty || entrypoint.map { $0 != .image && $0 != .words([]) } ?? false
        if let mistake = RunOptionMistake.first(in: level.options, hasCommand: hasCommand, root: root) {
            throw mistake.error(try options.elements())
        }
    }

    private static func missing(_ field: Field, _ hint: String? = nil) -> ConfigurationError {
        field.error("it has no command", hint: hint)
    }

    /// The command; its program may not be empty, any other word may.
    static func command(_ field: Field) throws(ConfigurationError) -> [String] {
        if field.node.isNull { throw missing(field, "write {} to run the image's own ENTRYPOINT and CMD") }
        let words = try field.command()
        guard let program = words.first, !program.isEmpty else { throw field.error("the command is empty") }
        return words
    }

    /// Names of variables.
    static func names(_ field: Field) throws(ConfigurationError) -> [String] {
        let names = try field.words()
        // podman takes a star at the end for the start of many names, and what has a `=` for a value.
        for (name, element) in zip(names, try field.elements()) where name.contains(where: { $0 == "=" || $0 == "*" }) {
            throw element.error("\(Printable.quoted(name)) cannot be a name")
        }
        return names
    }

    /// `image`, or the program and its first arguments; as elsewhere, an empty one is none.
    static func entrypoint(_ field: Field) throws(ConfigurationError) -> Entrypoint {
        if case .scalar("image", _) = field.node.content { return .image }
        let words = try field.command()
        if words.isEmpty || words == [""] { return .words([]) }
        if words[0].isEmpty { throw field.error("its program is empty") }
        return .words(words)
    }
}
