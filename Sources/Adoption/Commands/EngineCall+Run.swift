import Programs
import SystemCalls

extension EngineCall {
    /// What a container gets and runs; what no level can say, or what would have to be trusted, is in `leftOut`.
    struct Run: Hashable, Sendable {
        /// The image's name; nil where a variable has it.
        var image: String?
        var command: [String] = []
        var entrypoint: String?
        var mounts: [String] = []
        var environment: [String: String] = [:]
        var passedEnvironment: [String] = []
        var workingFolder: String?
        var isAsCaller = false
        var network: String?
        var leftOut: [String] = []
    }

    /// The run that this is; nil for another call, one in the background, and one whose command is not known.
    var run: Run? {
        let parsed = EngineOptionWords(words.map(\.text), of: .run)
        guard verb == .run, let end = parsed.end else { return nil }
        var run = Run(image: service == nil ? words[end].name(in: words[end].text) : nil)
        // A script hands on what it got; `run-tests LEVEL -- ARGS` does that, too.
        let command = words[(end + 1)...].filter { !["$@", "$*", "${@}"].contains($0.text) }
        guard command.allSatisfy({ $0.isKnown && !$0.text.isEmpty && !$0.text.contains("$(") }) else { return nil }
        run.command = command.map(\.text)
        for option in parsed.options {
            if ["-d", "--detach"].contains(option.name) { return nil }
            run.take(option, isKnown: words[option.valueIndex].isKnown)
        }
        return run
    }
}

extension EngineCall.Run {
    /// Options that say nothing of what runs, and those that levels do by themselves.
    private static let idle: Set<String> = [
        "--rm", "-i", "-t", "--interactive", "--tty", "--name", "--init", "--pull", "-q", "--quiet", "-T", "--platform",
        "--log-driver", "--no-deps", "--build", "--userns",
    ]

    /// Takes an option over, or notes that it was left out.
    fileprivate mutating func take(_ option: EngineOptionWords.Option, isKnown: Bool) {
        if Self.idle.contains(option.name) { return }
        let value = option.value ?? ""
        if isKnown, ["-v", "--volume"].contains(option.name), let mount = Self.mount(value) {
            mounts.append(mount)
            return
        }
        switch option.name {
        case "-e", "--env": takeVariable(option.name, value, isKnown: isKnown)
        case "-w", "--workdir":
            if isKnown, value.hasPrefix("/") { workingFolder = value } else { leave(option) }
        case "-u", "--user":
            if value.hasPrefix("$(") { isAsCaller = true } else { leave(option) }
        case "--network", "--net":
            if value == "none" { network = value } else { leave(option) }
        case "--entrypoint":
            if isKnown { entrypoint = value } else { leave(option) }
        default: leave(option)
        }
    }

    private mutating func leave(_ option: EngineOptionWords.Option) {
        leftOut.append(option.value.map { "\(option.name) \($0)" } ?? option.name)
    }

    /// Takes a variable over, but for one that is secret.
    private mutating func takeVariable(_ option: String, _ value: String, isKnown: Bool) {
        let sign = value.firstIndex(of: "=") ?? value.endIndex
        let name = String(value[..<sign])
        let text = sign < value.endIndex ? String(value[value.index(after: sign)...]) : nil
        if SecretName.matches(name) || name == "PATH" || name.hasSuffix("*") || name.isEmpty {
            leftOut.append("\(option) \(name)")
        } else if isKnown, let text, !text.contains("${") {
            environment[name] = text
        } else {
            passedEnvironment.append(name)
        }
    }

    /// A mount as levels write it; nil for one from outside of the project.
    private static func mount(_ value: String) -> String? {
        var parts = value.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard (2...3).contains(parts.count), parts[1].hasPrefix("/") else { return nil }
        if parts[0].hasPrefix(".") || parts[0].contains("/") {
            guard let path = RelativePath.resolving(parts[0], in: "") else { return nil }
            parts[0] = path.bytes.isEmpty ? "." : "./\(path)"
        }
        return parts[0].isEmpty ? nil : parts.joined(separator: ":")
    }
}
