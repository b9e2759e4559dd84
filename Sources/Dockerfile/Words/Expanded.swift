import SystemCalls

/// A secret that a text was expanded from.
public struct SecretSource: Hashable, Sendable {
    /// The name of the argument or variable.
    public let name: String
    /// Its value, where it was given from outside; nil where it stands in a committed file.
    public let value: String?

    /// Names a secret.
    public init(_ name: String, value: String? = nil) {
        self.name = name
        self.value = value
    }
}

/// A text after expansion, and the secrets whose values went into it.
///
/// The taint goes where the value goes: a part of it, a part that was replaced, a path that it was joined to. What is
/// printed of the text is never the value, since the description has `***` in its place.
public struct Expanded: Hashable, Sendable {
    /// The text itself.
    public let text: String
    /// The text for records and messages: expanded from `***` in place of each secret value.
    public let shown: String
    /// The secrets that it was expanded from.
    public let secrets: Set<SecretSource>

    /// A text without secrets.
    public init(_ text: String) {
        self.init(text, shown: text, secrets: [])
    }

    init(_ text: String, shown: String, secrets: Set<SecretSource>) {
        self.text = text
        self.shown = secrets.isEmpty ? text : shown
        self.secrets = secrets
    }

    /// The value of a secret; an empty one hides nothing.
    init(_ value: String, of source: SecretSource) {
        self.init(value, shown: SecretName.mask, secrets: value.isEmpty ? [] : [source])
    }

    /// Whether a value that was given from outside went into it.
    public var holdsGivenSecret: Bool { secrets.contains { $0.value != nil } }

    /// The names of the secrets, for messages.
    public var secretNames: String { Set(secrets.map(\.name)).sorted().joined(separator: ", ") }

    /// The text after a change, which is made to what is shown, too.
    func map(_ change: (String) -> String) -> Expanded {
        Expanded(change(text), shown: secrets.isEmpty ? "" : change(shown), secrets: secrets)
    }

    /// What was read out of the text, a number for example; the secrets are the same.
    func derived(_ text: String) -> Expanded { Expanded(text, shown: SecretName.mask, secrets: secrets) }

    /// Two texts put together.
    func joined(_ other: Expanded, _ join: (String, String) -> String) -> Expanded {
        let secrets = secrets.union(other.secrets)
        return Expanded(
            join(text, other.text), shown: secrets.isEmpty ? "" : join(shown, other.shown), secrets: secrets)
    }

    /// The value of a variable that a committed file sets: a secret where its name says so.
    func named(_ name: String) -> Expanded {
        if !secrets.isEmpty || !SecretName.matches(name) { return self }
        return Expanded(text, of: SecretSource(name))
    }
}

extension Expanded: ExpressibleByStringLiteral {
    /// A text without secrets.
    public init(stringLiteral text: String) {
        self.init(text)
    }
}

extension Expanded: CustomStringConvertible {
    /// What is shown of it.
    public var description: String { shown }
}
