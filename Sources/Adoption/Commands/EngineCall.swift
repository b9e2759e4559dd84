import Programs
import SystemCalls

/// A call of an engine in a script of the project: a build, or a container that runs a command.
struct EngineCall: Hashable, Sendable {
    enum Verb: String, Sendable {
        case build, run, save, load
    }

    let verb: Verb
    /// The script, and the line in it.
    let file: RelativePath
    let line: Int
    /// The words behind the verb.
    let words: [ShellLine.Word]
    /// The service of a compose file that `compose run` names.
    var service: String?

    private static let engines: Set<String> = ["docker", "podman", "nerdctl", "buildah"]

    /// The call that a command is; nil where it is none.
    init?(_ command: ShellLine, in file: RelativePath) {
        guard let program = command.words.first, Self.isEngine(program) else { return nil }
        var words = command.words.dropFirst()
        // Options of the engine itself.
        while let option = words.first, option.text.hasPrefix("-") {
            words = words.dropFirst(["--context", "-H", "--host", "--root", "--runtime"].contains(option.text) ? 2 : 1)
        }
        if ["image", "container", "buildx"].contains(words.first?.text) { words = words.dropFirst() }
        let isCompose = words.first?.text == "compose" || program.text.hasSuffix("-compose")
        if words.first?.text == "compose" { words = words.dropFirst() }
        if isCompose {
            guard let run = words.firstIndex(where: { $0.text == "run" }) else { return nil }
            words = words[(run + 1)...]
            let options = EngineOptionWords(words.map(\.text))
            guard let end = options.end else { return nil }
            service = Array(words)[end].text
        }
        guard let name = isCompose ? "run" : words.first?.text,
            let verb = Verb(rawValue: name == "bud" ? "build" : name)
        else { return nil }
        self.verb = verb
        self.file = file
        line = command.number
        self.words = Array(isCompose ? words : words.dropFirst())
    }

    /// Whether a word names an engine: by its name, or as a variable that is called so.
    private static func isEngine(_ word: ShellLine.Word) -> Bool {
        let name = word.text.split(separator: "/").last.map(String.init) ?? ""
        if word.isKnown { return engines.contains(name) || engines.contains { name == $0 + "-compose" } }
        let upper = word.text.uppercased()
        return word.text.hasPrefix("$")
            && ["ENGINE", "DOCKER", "PODMAN", "CONTAINER_CMD"].contains { upper.contains($0) }
    }
}

extension EngineCall {
    /// What a build says of its image; what is not known is left out.
    struct Build: Hashable, Sendable {
        var name: String?
        var dockerfile: RelativePath?
        var context: RelativePath
        var target: String?
        var arguments: [String: String?] = [:]
        /// Those that tell the caller's own number, which makes no other image.
        var ofCaller: Set<String> = []
    }

    /// The build that this is; nil for another call, and where its context is not known.
    var build: Build? {
        guard verb == .build, let end = EngineOptionWords(words.map(\.text), of: .build).end,
            words[end].isKnown, !words[end].text.contains("://"),
            let context = RelativePath.resolving(words[end].text, in: "")
        else { return nil }
        // The context may stand before options.
        let words = words[..<end] + words[(end + 1)...]
        var build = Build(context: context)
        for option in EngineOptionWords(words.map(\.text), of: .build).options {
            let isKnown = words[option.valueIndex].isKnown
            let value = isKnown ? option.value : nil
            switch option.name {
            case "-t", "--tag": build.name = build.name ?? words[option.valueIndex].name(in: option.value)
            case "-f", "--file":
                guard let value, let path = RelativePath.resolving(value, in: "") else { return nil }
                build.dockerfile = path
            case "--target":
                guard let value else { return nil }
                build.target = value
            case "--build-arg":
                guard let text = option.value else { break }
                let sign = text.firstIndex(of: "=") ?? text.endIndex
                let (name, own) = (String(text[..<sign]), sign < text.endIndex ? text[text.index(after: sign)...] : "")
                let isOfCaller = own.hasPrefix("$(id ") || own == "$UID"
                if isOfCaller { build.ofCaller.insert(name) }
                let isTaken = isKnown && sign < text.endIndex && !isOfCaller
                build.arguments.updateValue(isTaken ? String(own) : nil, forKey: name)
            default: break
            }
        }
        return build
    }
}

extension ShellLine.Word {
    /// The image's name that stands in the word, without a tag that is not known; nil where the name itself is not.
    func name(in text: String?) -> String? {
        guard let text else { return nil }
        if isKnown { return text }
        let name = text.prefix { $0 != ":" }
        return name.count < text.count && !name.contains("$") && !name.contains("`") ? String(name) : nil
    }
}
