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
        said(flag, given).map { ($0.text, $0.origin) }
    }

    /// What the flag, else its variable, says; an empty variable says nothing.
    func said(_ flag: CommandFlag, _ overrides: Overrides) -> SaidFlag? {
        said(flag.name, overrides[flag])
    }

    private func said(_ flag: String, _ given: String?) -> SaidFlag? {
        if let given { return SaidFlag(text: given, origin: .flag(flag)) }
        let variable = Self.variable(of: flag)
        guard let value = environment[variable], !value.isEmpty else { return nil }
        return SaidFlag(text: value, origin: .variable(variable))
    }

    /// The value as one of a closed set of words.
    public func choice<Choice: CaseIterable & RawRepresentable<String>>(
        _ flag: CommandFlag, _ given: String?
    ) throws(ConfigurationError) -> Choice? {
        try said(flag.name, given)?.choice()
    }
}
