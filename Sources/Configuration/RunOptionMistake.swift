import Programs
import SystemCalls
import SystemPackage

/// Why a level cannot run with some options: the engine would not run its command, or would mount what is not there.
struct RunOptionMistake: Hashable, Sendable {
    /// What is wrong.
    enum Reason: Hashable, Sendable {
        /// The option cannot be used.
        case refused(String, hint: String?)
        /// A path at which nothing is, and what would be done with it.
        case absent(verb: String, path: String, reason: String)
    }

    /// The word that is wrong.
    let index: Int
    let reason: Reason

    /// The first mistake among the words of options; nil where there is none.
    ///
    /// - Parameters:
    ///   - hasCommand: Whether the level says what runs.
    ///   - root: The folder that relative paths are seen from.
    static func first(in words: [String], hasCommand: Bool, root: FilePath) -> RunOptionMistake? {
        let found = EngineOptionWords(words)
        if let index = found.firstTooMany {
            return RunOptionMistake(
                index: index, reason: .refused(EngineOptionWords.tooMany, hint: nil))
        }
        for option in found.options {
            if let reason = reason(option, words[option.index], hasCommand, root) {
                return RunOptionMistake(index: option.index, reason: reason)
            }
        }
        if let index = found.valueless {
            let reason =
                "\(Printable.quoted(words[index])) has no value: the engine would take what follows the options for it"
            return RunOptionMistake(index: index, reason: .refused(reason, hint: nil))
        }
        let attached = found.options.filter { ["-a", "--attach"].contains($0.name) }
        if let first = attached.first, !attached.contains(where: showsOutput) {
            let reason =
                "\(Printable.quoted(words[first.index])) would not wait for the command: its output is not asked for"
            return RunOptionMistake(index: first.index, reason: .refused(reason, hint: nil))
        }
        return found.end.map { index in
            let taken = words[index] == "--" ? "what follows" : "it"
            let reason = "\(Printable.quoted(words[index])) is no option: the engine would take \(taken) for the image"
            return RunOptionMistake(index: index, reason: .refused(reason, hint: nil))
        }
    }

    private static func reason(
        _ option: EngineOptionWords.Option, _ word: String, _ hasCommand: Bool, _ root: FilePath
    ) -> Reason? {
        let value = option.value ?? ""
        switch option.name {
        case "--detach", "-d":
            return isOff(option) ? nil : .refused("\(Printable.quoted(word)) would not wait for the command", hint: nil)
        case "--help":
            return isOff(option) ? nil : .refused("\(Printable.quoted(word)) would not run the command", hint: nil)
        case "-h":
            return .refused(
                "\(Printable.quoted(word)) would not run the command: -h is help for some engines",
                hint: "write --hostname NAME for the name of the container")
        case "--entrypoint":
            if value.isEmpty || !hasCommand { return nil }
            return .refused(
                "--entrypoint \(value) would run in place of the command",
                hint: "write `entrypoint: [\(value)]` in the level for what stands before its command")
        default: return OptionPath(option).flatMap { absence($0.use.rawValue, $0.path, root) }
        }
    }

    /// Whether an option attaches to what the command prints; docker waits for nothing else.
    private static func showsOutput(_ attach: EngineOptionWords.Option) -> Bool {
        attach.value.map { ["stdout", "stderr"].contains($0.lowercased()) } ?? false
    }

    private static func isOff(_ option: EngineOptionWords.Option) -> Bool {
        option.value.map { ["0", "f", "F", "false", "False", "FALSE"].contains($0) } ?? false
    }

    private static func absence(_ verb: String, _ path: String, _ root: FilePath) -> Reason? {
        Mount.absence(of: root.pushing(FilePath(path)).lexicallyNormalized()).map {
            .absent(verb: verb, path: path, reason: $0)
        }
    }

    /// The error, for options that stand at a field's elements.
    func error(_ elements: [Field]) -> ConfigurationError {
        switch reason {
        case .refused(let reason, let hint): elements[index].error(reason, hint: hint)
        case .absent(let verb, let path, let reason):
            ConfigurationError("cannot \(verb) \(path) (\(elements[index].origin)): \(reason)")
        }
    }

    /// The error, for options that were said elsewhere.
    func error(_ origin: Origin) -> ConfigurationError {
        switch reason {
        case .refused(let reason, let hint): ConfigurationError("cannot use \(origin): \(reason)", hint: hint)
        case .absent(let verb, let path, let reason):
            ConfigurationError("cannot \(verb) \(path) (\(origin)): \(reason)")
        }
    }
}

extension TestLevel {
    /// Fails where further options of the engine's `run` would keep the command from running.
    ///
    /// - Parameters:
    ///   - words: The options.
    ///   - origin: Where they were said.
    ///   - root: The folder that relative paths are seen from.
    public func check(options words: [String], _ origin: Origin, root: FilePath) throws(ConfigurationError) {
        if place == .host { return }
        let hasCommand = !command.isEmpty || entrypoint ?? [] != []
        if let mistake = RunOptionMistake.first(in: words, hasCommand: hasCommand, root: root) {
            throw mistake.error(origin)
        }
    }
}
