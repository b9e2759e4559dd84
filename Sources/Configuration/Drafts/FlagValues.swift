/// Values of flags, each with its environment variable behind it: `--lock-timeout` is `CACHE_IMAGE_LOCK_TIMEOUT`.
public struct FlagValues: Sendable {
    private let environment: [String: String]

    /// Uses these environment variables.
    public init(environment: [String: String]) {
        self.environment = environment
    }

    /// The variable that stands for a flag.
    public static func variable(of flag: String) -> String {
        "CACHE_IMAGE_" + String(flag.drop { $0 == "-" }.map { $0 == "-" ? "_" : $0 }).uppercased()
    }

    /// The value of the flag, else of its variable, with its origin; an empty variable says nothing.
    public func value(_ flag: String, _ given: String?) -> (value: String, origin: Origin)? {
        if let given { return (given, .flag(flag)) }
        let variable = Self.variable(of: flag)
        guard let value = environment[variable], !value.isEmpty else { return nil }
        return (value, .variable(variable))
    }

    /// The value as one of a closed set of words.
    public func choice<Choice: CaseIterable & RawRepresentable<String>>(
        _ flag: String, _ given: String?
    ) throws(ConfigurationError) -> Choice? {
        guard let (text, origin) = value(flag, given) else { return nil }
        guard let choice = Choice(rawValue: text) else {
            let words = Choice.allCases.map(\.rawValue)
            throw ConfigurationError("cannot use \(origin) \(quoted(text)): expected \(alternatives(words))")
        }
        return choice
    }
}

/// A text in double quotes, cut where it is long.
func quoted(_ text: String) -> String {
    let shown = text.count > 80 ? text.prefix(80) + "…" : text[...]
    return "\"\(shown)\""
}

/// Words as `a, b or c`.
func alternatives(_ words: [String]) -> String {
    guard let last = words.last, words.count > 1 else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " or " + last
}
