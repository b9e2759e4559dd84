import JSON
import SystemCalls
import SystemPackage

/// A test level as the file declares it.
struct LevelDraft: Sendable {
    static let keys = [
        "command", "image", "on", "mounts", "env", "passEnv", "user", "workdir", "network", "options",
    ]

    let name: String
    let origin: Origin
    var command = Sourced<[String]>([])
    var image = Sourced<String?>(nil)
    var place = Sourced(TestLevel.Place.container)
    var mounts = Sourced<[Mount]>([])
    var environment = Sourced<[String: String]>([:])
    var passedEnvironment = Sourced<[String]>([])
    var user = Sourced(TestLevel.User.image)
    var workingDirectory = Sourced<String?>(nil)
    var network = Sourced<String?>(nil)
    var options = Sourced<[String]>([])

    init(name: String, field: Field, root: FilePath) throws(ConfigurationError) {
        self.name = name
        origin = field.origin
        let isName = name.utf8.allSatisfy { byte in
            byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: "/") && byte != UInt8(ascii: ":")
        }
        if name.isEmpty || name.hasPrefix("-") || !isName {
            throw field.error("\(quoted(name)) cannot be a level's name")
        }
        guard case .mapping = field.node.content else {
            command = Sourced(try Self.command(field), field.origin)
            return
        }
        let fields = try field.fields(Self.keys)
        guard let commandField = fields["command"] else { throw field.error("it has no command") }
        func optional(_ field: Field) throws(ConfigurationError) -> String? { try field.word() }
        func texts(_ field: Field) throws(ConfigurationError) -> [String] { try field.texts() }
        command = Sourced(try Self.command(commandField), commandField.origin)
        image = try Sourced(fields["image"], default: nil, optional)
        place = try Sourced(fields["on"], default: .container) { field throws(ConfigurationError) in
            try field.choice()
        }
        mounts = try Sourced(fields["mounts"], default: []) { field throws(ConfigurationError) in
            var mounts: [Mount] = []
            for element in try field.elements() { mounts.append(try Mount(element, root: root)) }
            return mounts
        }
        environment = try Sourced(fields["env"], default: [:]) { field throws(ConfigurationError) in
            try field.pairs()
        }
        passedEnvironment = try Sourced(fields["passEnv"], default: [], texts)
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
        options = try Sourced(fields["options"], default: [], texts)
    }

    /// A list of words, or a text that is split as a shell splits words.
    private static func command(_ field: Field) throws(ConfigurationError) -> [String] {
        let words: [String]
        if case .sequence = field.node.content {
            words = try field.elements().map { element throws(ConfigurationError) in try element.text() }
        } else if field.node.isNull {
            throw field.error("it has no command")
        } else {
            let text = try field.text()
            do {
                words = try ShellWords.split(text)
            } catch {
                throw field.error(error.description)
            }
        }
        guard let program = words.first, !program.isEmpty else { throw field.error("the command is empty") }
        return words
    }

    /// The level in a declared image.
    func level(in image: ImageDeclaration?) -> TestLevel {
        TestLevel(
            name: name, command: command.value, image: image?.name, place: place.value, mounts: mounts.value,
            environment: environment.value, passedEnvironment: passedEnvironment.value, user: user.value,
            workingDirectory: workingDirectory.value, network: network.value, options: options.value)
    }

    /// The variables, secret values left out.
    private var shownEnvironment: [String: JSONValue] {
        Dictionary(
            uniqueKeysWithValues: environment.value.map {
                ($0.key, .string(SecretName.matches($0.key) ? "***" : $0.value))
            })
    }

    /// The values with their origins.
    func settings() -> [Setting] {
        let path = "tests.levels.\(name)"
        func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }
        let user: JSONValue =
            switch user.value {
            case .image: "image"
            case .host: "host"
            case .named(let name): .string(name)
            }
        return [
            Setting("\(path).command", .strings(command.value), command.origin),
            Setting("\(path).image", text(image.value), image.origin),
            Setting("\(path).on", .string(place.value.rawValue), place.origin),
            Setting("\(path).mounts", .strings(mounts.value.map(\.written)), mounts.origin),
            Setting("\(path).env", .map(shownEnvironment), environment.origin),
            Setting("\(path).passEnv", .strings(passedEnvironment.value), passedEnvironment.origin),
            Setting("\(path).user", user, self.user.origin),
            Setting("\(path).workdir", text(workingDirectory.value), workingDirectory.origin),
            Setting("\(path).network", text(network.value), network.origin),
            Setting("\(path).options", .strings(options.value), options.origin),
        ]
    }
}
