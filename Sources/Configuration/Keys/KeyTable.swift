/// The keys of one map of `cache-image.yml`, in the order in which they are read and shown.
///
/// A name with a dot stands in a map of its own: `git.stage` is `stage` below `git`.
struct KeyTable<Draft: KeyedDraft>: Sendable {
    let keys: [Key<Draft>]

    init(_ keys: [Key<Draft>]) {
        self.keys = keys
    }

    /// The names, those of flags included.
    var names: [String] { keys.map(\.name) }

    /// Reads the map.
    func read(_ field: Field, into draft: inout Draft) throws(ConfigurationError) {
        try read(field, below: "", into: &draft)
    }

    /// The fields of the map by their names; an unknown one is an error.
    func fields(of field: Field) throws(ConfigurationError) -> [String: Field] {
        try field.fields(parts(below: ""))
    }

    /// Reads fields of the map.
    func read(_ fields: [String: Field], below prefix: String = "", into draft: inout Draft) throws(ConfigurationError)
    {
        for part in parts(below: prefix) {
            guard let value = fields[part] else { continue }
            if let key = keys.first(where: { $0.isInFile && $0.name == prefix + part }) {
                try key.read(&draft, value)
            } else {
                try read(value, below: prefix + part + ".", into: &draft)
            }
        }
    }

    private func read(_ field: Field, below prefix: String, into draft: inout Draft) throws(ConfigurationError) {
        try read(try field.fields(parts(below: prefix)), below: prefix, into: &draft)
    }

    /// The names that a map below a prefix may hold.
    private func parts(below prefix: String) -> [String] {
        var parts: [String] = []
        for key in keys where key.isInFile && key.name.hasPrefix(prefix) {
            let part = String(key.name.dropFirst(prefix.count).prefix { $0 != "." })
            if !parts.contains(part) { parts.append(part) }
        }
        return parts
    }

    /// Puts what flags and variables say in place of what the file says.
    func apply(_ overrides: Overrides, _ flags: FlagValues, to draft: inout Draft) throws(ConfigurationError) {
        for key in keys {
            guard let flag = key.flag, let say = key.say else { continue }
            if flag.isRepeated {
                for text in overrides[all: flag] { try say(&draft, SaidFlag(text: text, origin: .flag(flag.name))) }
            } else if let said = flags.said(flag, overrides) {
                try say(&draft, said)
            }
        }
    }

    /// What `config show` prints; `place` is the map's own, with a dot behind it.
    func settings(of draft: Draft, below place: String = "") -> [Setting] {
        keys.flatMap { $0.settings(draft, place) }
    }

    /// The keys that the file says, and nobody reads yet, each with its line.
    func idle(in draft: Draft, below place: String = "") -> [String] {
        keys.filter(\.isPlanned).compactMap { key in
            draft.origins[key.name].map { "\(place)\(key.name) (\($0))" }
        }
    }

    /// What people and programs are told, with the defaults of a draft of which nothing is said.
    func descriptions(_ draft: Draft) -> [KeyDescription] {
        keys.map { key in
            let value = key.settings(draft, "").first?.value ?? .null
            let standard = value.string ?? (value == .null ? "" : value.spacedText)
            return KeyDescription(
                name: key.name, text: key.text, standard: standard, unset: key.unset, flag: key.flag,
                isInFile: key.isInFile, isPlanned: key.isPlanned, form: key.form)
        }
    }
}
