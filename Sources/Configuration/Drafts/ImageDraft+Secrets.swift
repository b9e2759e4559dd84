import Programs
import SystemCalls

extension ImageDraft {
    /// The names under `secretArgs`.
    static func secretNames(_ field: Field) throws(ConfigurationError) -> [String] {
        var names: [String] = []
        for element in try field.elements() {
            let name = try element.word()
            if ReservedVariable.contains(name) { throw element.error(ReservedVariable.reason(name)) }
            names.append(name)
        }
        return names
    }

    /// Refuses arguments that cannot be secret where they stand.
    func checkArguments(_ field: Field?) throws(ConfigurationError) {
        for (name, _, value) in try field?.entries() ?? [] {
            if value.node.isNull {
                if isSecret(name), ReservedVariable.contains(name) { throw value.error(ReservedVariable.reason(name)) }
            } else {
                try checkWritten(name, value)
            }
        }
    }

    /// Options for which there is a key, which counts in the image's key as they do not.
    private static let declaredOptions: [(key: String, names: Set<String>)] = [
        ("dockerfile", ["-f", "--file"]), ("target", ["--target"]),
        ("platform", ["--platform", "--arch", "--os", "--variant"]),
    ]

    /// Refuses options that build another image; and arguments among options that cannot be secret where they stand,
    /// `--build-arg=NAME=VALUE`, or the two words.
    func checkBuildOptions(_ field: Field?) throws(ConfigurationError) {
        let elements = try field?.elements() ?? []
        var words: [String] = []
        for element in elements { words.append(try element.text()) }
        let options = EngineOptionWords(words, of: .build)
        for (key, names) in Self.declaredOptions {
            guard let option = options.first(names) else { continue }
            throw elements[option.index].error(
                "\(option.name) builds another image than the key stands for", hint: "write `\(key):` for the image")
        }
        for element in elements {
            var word = try element.text()[...]
            if word.hasPrefix("--build-arg=") { word = word.dropFirst("--build-arg=".count) }
            if let equals = word.firstIndex(of: "=") { try checkWritten(String(word[..<equals]), element) }
        }
    }

    private func checkWritten(_ name: String, _ value: Field) throws(ConfigurationError) {
        guard secretArguments.contains(name) else { return }
        throw value.error(
            "secretArgs says that \(name) is secret, and this file holds its value",
            hint: "take the value out, and give it with --build-arg \(name) and the variable \(name)")
    }

    /// Whether the value of an argument is secret.
    func isSecret(_ name: String) -> Bool { SecretName.matches(name) || secretArguments.contains(name) }

    /// The labels that are secret by name and whose values do not stand in the file.
    var givenSecretLabels: Set<String> {
        let given = labels.filter { name, label in
            if case .flag = label.origin { SecretName.matches(name) } else { false }
        }
        return Set(given.keys)
    }

    /// The secret arguments whose values do not stand in the file, but come from a flag or the environment.
    func givenSecrets() throws(ConfigurationError) -> Set<String> {
        var names: Set<String> = []
        for (name, argument) in arguments where isSecret(name) {
            switch argument.origin {
            case .file, .default: continue
            case .flag, .variable:
                if ReservedVariable.contains(name) {
                    throw argument.origin.error("images.\(self.name.value).args.\(name)", ReservedVariable.reason(name))
                }
                names.insert(name)
            }
        }
        return names
    }
}
