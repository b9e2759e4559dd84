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
            } else if secretArguments.contains(name) {
                throw value.error(
                    "secretArgs says that it is secret, and this file holds its value",
                    hint: "take the value out, and give it with --build-arg \(name) and the variable \(name)")
            }
        }
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
