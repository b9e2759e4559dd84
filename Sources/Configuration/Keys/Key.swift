import JSON
import SystemCalls

/// Values while file and flags are put together, each with the place where it was said.
protocol KeyedDraft: Sendable {
    /// Where each key was said, by its name.
    var origins: [String: Origin] { get set }
}

extension KeyedDraft {
    /// Where a key was said.
    func origin(_ key: String) -> Origin { origins[key] ?? .default }
}

/// One key of `cache-image.yml`.
///
/// Its line in a `KeyTable` is all that parsing, flags, variables, `config show`, schema and documentation know of it.
struct Key<Draft: KeyedDraft>: Sendable {
    /// The name, with those of the maps around it: `storage.journal`.
    let name: String
    /// The form of its value.
    let form: KeyForm
    /// The default in words, where it is no value of its own.
    var unset: String?
    /// What it is, a sentence.
    let text: String
    /// The flag that goes before the file.
    var flag: CommandFlag?
    /// Whether the file may say it; else only the flag.
    var isInFile = true
    /// Whether it is read and has no effect yet.
    var isPlanned = false
    /// The recipes that it goes with; nil for all.
    var recipes: Set<RecipeKey>?
    /// Whether it is about a container, so that it has no effect on the host.
    var isOfContainers = false
    /// Reads the value of the file.
    let read: @Sendable (inout Draft, Field) throws(ConfigurationError) -> Void
    /// Takes the value of the flag.
    var say: (@Sendable (inout Draft, SaidFlag) throws(ConfigurationError) -> Void)?
    /// What `config show` prints, below the draft's own place.
    var settings: @Sendable (Draft, _ place: String) -> [Setting]

    /// The key, of which nobody reads the value yet.
    var planned: Key { changed { $0.isPlanned = true } }

    /// The key, which only a flag says.
    var ofFlag: Key { changed { $0.isInFile = false } }

    /// The key, which has no effect on the host.
    var ofContainers: Key { changed { $0.isOfContainers = true } }

    /// The key, of which `config show` prints what all of the draft comes to.
    func shown(_ value: @escaping @Sendable (Draft) -> JSONValue) -> Key {
        let name = name
        return changed { $0.settings = { [Setting($1 + name, value($0), $0.origin(name))] } }
    }

    /// The key, which goes with some recipes only.
    func only(_ recipes: RecipeKey...) -> Key { changed { $0.recipes = Set(recipes) } }

    private func changed(_ change: (inout Key) -> Void) -> Key {
        var key = self
        change(&key)
        return key
    }
}

extension Key {
    /// A key whose value is one property of the draft.
    static func of<Value: Sendable>(
        _ name: String, _ form: KeyForm, _ path: WritableKeyPath<Draft, Value> & Sendable, unset: String? = nil,
        flag: CommandFlag? = nil, _ text: String,
        read: @escaping @Sendable (Draft, Field) throws(ConfigurationError) -> Value,
        said: (@Sendable (Draft, SaidFlag) throws(ConfigurationError) -> Value)? = nil,
        show: @escaping @Sendable (Value) -> JSONValue
    ) -> Key {
        var key = Key(
            name: name, form: form, unset: unset, text: text, flag: flag,
            read: { draft, field throws(ConfigurationError) in
                draft[keyPath: path] = try read(draft, field)
                draft.origins[name] = field.origin
                guard case .sequence(let elements) = field.node.content else { return }
                for (index, element) in elements.enumerated() {
                    draft.origins["\(name)[\(index)]"] = .file(field.file, line: element.line)
                }
            },
            settings: { draft, place in [Setting(place + name, show(draft[keyPath: path]), draft.origin(name))] })
        if let said {
            key.say = { draft, flag throws(ConfigurationError) in
                draft[keyPath: path] = try said(draft, flag)
                draft.origins[name] = flag.origin
            }
        }
        return key
    }

    /// A text that is not empty.
    static func word(
        _ name: String, _ path: WritableKeyPath<Draft, String> & Sendable, _ form: KeyForm = .word,
        flag: CommandFlag? = nil, _ text: String
    ) -> Key {
        of(
            name, form, path, flag: flag, text,
            read: { _, field throws(ConfigurationError) in try field.word() },
            said: { _, flag throws(ConfigurationError) in flag.text }, show: { .string($0) })
    }

    /// A text that is not empty, or nothing; `unset` says what nothing means.
    static func optional(
        _ name: String, _ path: WritableKeyPath<Draft, String?> & Sendable, unset: String, flag: CommandFlag? = nil,
        _ text: String
    ) -> Key {
        of(
            name, .word, path, unset: unset, flag: flag, text,
            read: { _, field throws(ConfigurationError) in try field.word() },
            said: { _, flag throws(ConfigurationError) in flag.text }, show: { $0.map { .string($0) } ?? .null })
    }

    /// Yes or no.
    static func truth(
        _ name: String, _ path: WritableKeyPath<Draft, Bool> & Sendable, flag: CommandFlag? = nil, _ text: String
    ) -> Key {
        of(
            name, .truth, path, flag: flag, text,
            read: { _, field throws(ConfigurationError) in try field.truth() },
            said: { _, flag throws(ConfigurationError) in try flag.truth() }, show: { .bool($0) })
    }

    /// A whole number.
    static func count(_ name: String, _ path: WritableKeyPath<Draft, Int> & Sendable, _ text: String) -> Key {
        of(
            name, .count, path, text, read: { _, field throws(ConfigurationError) in try field.count() },
            show: { .integer(Int64($0)) })
    }

    /// A number.
    static func number(_ name: String, _ path: WritableKeyPath<Draft, Double> & Sendable, _ text: String) -> Key {
        of(
            name, .number, path, text, read: { _, field throws(ConfigurationError) in try field.number() },
            show: JSONValue.short)
    }

    /// A number, or nothing; `unset` says what nothing means.
    static func optionalNumber(
        _ name: String, _ path: WritableKeyPath<Draft, Double?> & Sendable, unset: String, _ text: String
    ) -> Key {
        of(
            name, .number, path, unset: unset, text,
            read: { _, field throws(ConfigurationError) in try field.number() },
            show: { $0.map(JSONValue.short) ?? .null })
    }

    /// A value of a later version, which nobody looks into.
    static func anything(_ name: String, _ path: WritableKeyPath<Draft, JSONValue> & Sendable, _ text: String) -> Key {
        of(name, .anything, path, unset: "none", text, read: { $1.summary }, show: { $0 })
    }

    /// One of a closed set of words, or nothing; `unset` says what nothing means.
    static func optionalChoice<Choice: CaseIterable & RawRepresentable<String> & Sendable>(
        _ name: String, _ path: WritableKeyPath<Draft, Choice?> & Sendable, unset: String, _ text: String
    ) -> Key {
        of(
            name, .choice(Choice.allCases.map(\.rawValue)), path, unset: unset, text,
            read: { _, field throws(ConfigurationError) -> Choice? in
                let choice: Choice = try field.choice()
                return choice
            }, show: { $0.map { .string($0.rawValue) } ?? .null })
    }

    /// One of a closed set of words.
    static func choice<Choice: CaseIterable & RawRepresentable<String> & Sendable>(
        _ name: String, _ path: WritableKeyPath<Draft, Choice> & Sendable, flag: CommandFlag? = nil, _ text: String
    ) -> Key {
        of(
            name, .choice(Choice.allCases.map(\.rawValue)), path, flag: flag, text,
            read: { _, field throws(ConfigurationError) in try field.choice() },
            said: { _, flag throws(ConfigurationError) in try flag.choice() }, show: { .string($0.rawValue) })
    }

    /// A list of texts, none of them empty.
    static func words(_ name: String, _ path: WritableKeyPath<Draft, [String]> & Sendable, _ text: String) -> Key {
        of(
            name, .list(.word), path, text, read: { _, field throws(ConfigurationError) in try field.words() },
            show: { .strings($0) })
    }

    /// A list of globs.
    static func globs(_ name: String, _ path: WritableKeyPath<Draft, [String]> & Sendable, _ text: String) -> Key {
        of(
            name, .list(.word), path, text, read: { _, field throws(ConfigurationError) in try field.globs() },
            show: { .strings($0) })
    }

    /// A list of texts, as a rule options; the values that one gives to secret names are not shown.
    static func texts(_ name: String, _ path: WritableKeyPath<Draft, [String]> & Sendable, _ text: String) -> Key {
        of(
            name, .list(.text), path, text, read: { _, field throws(ConfigurationError) in try field.texts() },
            show: { .strings($0.map(SecretName.masked)) })
    }

    /// A map of names to texts; the values of secret names are not shown.
    static func pairs(
        _ name: String, _ path: WritableKeyPath<Draft, [String: String]> & Sendable, hidesSecrets: Bool = false,
        _ text: String
    ) -> Key {
        of(
            name, .map(.text), path, text, read: { _, field throws(ConfigurationError) in try field.pairs() },
            show: { hidesSecrets ? .masked($0) : .map($0.mapValues { .string($0) }) })
    }
}
