import Programs
import SystemCalls

extension EngineOptions {
    /// Takes the variables with secret names out of options that the caller gave: an argument is seen by every user.
    ///
    /// - Returns: the other words, and the variables, which go to the engine in its environment.
    public static func takingSecrets(
        from words: [String]
    ) -> (words: [String], secrets: [(name: String, value: String)]) {
        var rest: [String?] = words
        var secrets: [(name: String, value: String)] = []
        for option in EngineOptionWords(words, of: .run).options where ["-e", "--env"].contains(option.name) {
            guard let value = option.value, let sign = value.firstIndex(of: "="),
                case let name = String(value[..<sign]), SecretName.matches(name), !ReservedVariable.contains(name)
            else { continue }
            secrets.append((name, String(value[value.index(after: sign)...])))
            rest[option.valueIndex] = nil
            rest[option.index] = letters(before: option, words)
        }
        return (rest.compactMap { $0 }, secrets)
    }

    /// The letters of a cluster such as `-ite` that stand before the last, which took the value; nil for none.
    private static func letters(before option: EngineOptionWords.Option, _ words: [String]) -> String? {
        if option.name.hasPrefix("--") { return nil }
        let cluster = option.head.isEmpty ? words[option.index] : option.head
        let letters = cluster.hasSuffix("=") ? cluster.dropLast(2) : cluster.dropLast()
        return letters == "-" ? nil : String(letters)
    }
}
