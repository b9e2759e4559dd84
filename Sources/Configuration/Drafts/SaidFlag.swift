import SystemCalls

/// A value that a flag or its variable says.
struct SaidFlag: Sendable {
    let text: String
    let origin: Origin

    /// An error about the value, which is shown.
    func error(_ reason: String) -> ConfigurationError {
        ConfigurationError("cannot use \(origin) \(Printable.quoted(text)): \(reason)")
    }

    /// The value as one of a closed set of words.
    func choice<Choice: CaseIterable & RawRepresentable<String>>() throws(ConfigurationError) -> Choice {
        if let choice = Choice(rawValue: text) { return choice }
        throw error("expected \(Printable.alternatives(Choice.allCases.map(\.rawValue)))")
    }

    /// Yes or no; what a variable of the environment trusts with, nobody is to say by chance.
    func truth() throws(ConfigurationError) -> Bool {
        if origin == .variable(CommandFlag.trust.variable), text != "1", text != "0" { throw error("expected 1 or 0") }
        return try word()
    }

    private func word() throws(ConfigurationError) -> Bool {
        switch text.lowercased() {
        case "1", "true", "yes", "on": true
        case "0", "false", "no", "off": false
        default: throw error("expected 1 or 0")
        }
    }

    /// A time from nothing to some years.
    func seconds() throws(ConfigurationError) -> Duration {
        guard let value = Double(text), value >= 0, value < 1e9 else { throw error("expected a number of seconds") }
        return .seconds(value)
    }

    /// `NAME=VALUE`, or a name alone.
    func pair() throws(ConfigurationError) -> (name: String, value: String?) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let name = parts.first, !name.isEmpty else { throw error("expected NAME=VALUE") }
        return (name, parts.count > 1 ? parts[1] : nil)
    }
}
