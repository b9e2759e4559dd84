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
        case "-w",
            "--workdir" where isKnown && value.hasPrefix("/"):
            workingFolder = value
        case "-e", "--env":
            let sign = value.firstIndex(of: "=") ?? value.endIndex
            let name = String(value[..<sign])
            if SecretName.matches(name) || ReservedNames.contains(name) {
                leftOut.append("\(option.name) \(name)")
            } else if isKnown, sign < value.endIndex {
                environment[name] = String(value[value.index(after: sign)...])
            } else {
                passedEnvironment.append(name)
            }
        case "-u",
            "--user" where value.hasPrefix("$("):
            isAsCaller = true
        case "--network",
            "--net" where value == "none":
            network = value
        case "--entrypoint" where isKnown: entrypoint = value
        default: leftOut.append(option.value.map { "\(option.name) \($0)" } ?? option.name)
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

/// Names of variables that change what an engine or a shell does; nobody's script needs them in a container.
private enum ReservedNames {
    static func contains(_ name: String) -> Bool { name.isEmpty || name == "PATH" || name.hasSuffix("*") }
}
