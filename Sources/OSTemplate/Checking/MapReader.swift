import SystemCalls

/// Reads the keys of one map of a template; what is wrong goes to the log.
struct MapReader {
    /// The keys from the root, such as `systemConfig.kernel`; `[]` stands for the elements of a list.
    let path: String
    /// Where the map begins.
    let place: TemplateValue.Place
    let log: MistakeLog
    private let tables: [String: [TemplateKey]]
    private let entries: [String: TemplateValue]

    /// Takes a map, and checks its keys; anything else counts as an empty map.
    init(
        _ value: TemplateValue, _ path: String, _ log: MistakeLog,
        keys tables: [String: [TemplateKey]] = TemplateKey.tables
    ) {
        self.path = path
        self.log = log
        self.tables = tables
        place = value.place
        guard case .map(let entries) = value.content else {
            if !value.isNothing {
                log.add(
                    value.place, "\(path) has to be a map, not \(value.kind)",
                    hint: "write its keys below it, each on a line of its own")
            }
            self.entries = [:]
            return
        }
        var known: [String: TemplateValue] = [:]
        let table = tables[path] ?? []
        for entry in entries {
            let name = path.isEmpty ? entry.key : path + "." + entry.key
            guard let key = table.first(where: { $0.name == entry.key }) else {
                let near = Spelling.nearest(to: entry.key, in: table.map(\.name))
                log.add(
                    entry.place, "unknown key \(Printable.quoted(Printable.escaped(name)))",
                    hint: near.map { "did you mean \($0)?" }
                        ?? "the keys here are \(Printable.alternatives(table.map(\.name)))")
                continue
            }
            switch key.rule {
            case .honoured: known[entry.key] = entry.value
            case .described: break
            case .refused(let hint): Self.refuse(entry, name, hint, log)
            case .refusedUnlessDisabled(let hint):
                if Self.isDisabled(entry.value) { continue }
                Self.refuse(entry, name, hint, log)
            }
        }
        self.entries = known
    }

    private static func refuse(_ entry: TemplateValue.Entry, _ name: String, _ hint: String, _ log: MistakeLog) {
        if entry.value.isNothing || isFalse(entry.value) || entry.value.text == "" { return }
        log.add(entry.place, "\(name) is not supported", hint: hint)
    }

    private static func isFalse(_ value: TemplateValue) -> Bool {
        if case .scalar(let text, isPlain: true) = value.content { YAMLWords.bool(text) == false } else { false }
    }

    private static func isDisabled(_ value: TemplateValue) -> Bool {
        guard case .map(let entries) = value.content else { return isFalse(value) || value.isNothing }
        return entries.allSatisfy { $0.value.isNothing || ($0.key == "enabled" && isFalse($0.value)) }
    }

    /// The value of a key; nil where it is not written, or nothing.
    func value(_ key: String) -> TemplateValue? {
        guard let value = entries[key], !value.isNothing else { return nil }
        return value
    }

    /// The key with those above it.
    func name(_ key: String) -> String { path.isEmpty ? key : path + "." + key }

    /// Tells a mistake about the value of a key, or about the map where the key is not written.
    func mistake(_ key: String, _ message: String, hint: String) {
        log.add(entries[key]?.place ?? place, "\(name(key)) \(message)", hint: hint)
    }

    /// The text of a key; numbers are texts, too.
    func text(_ key: String) -> String? {
        guard let value = value(key) else { return nil }
        guard let text = value.text else {
            mistake(key, "has to be text, not \(value.kind)", hint: "write \(key): TEXT")
            return nil
        }
        return text
    }

    /// The text of a key that has to be there.
    func required(_ key: String) -> String? {
        if value(key) == nil {
            mistake(key, "is missing", hint: "add \(key): to \(path.isEmpty ? "the template" : path)")
        }
        return text(key)
    }

    /// The truth value of a key.
    func bool(_ key: String) -> Bool? {
        guard let value = value(key) else { return nil }
        if case .scalar(let text, isPlain: true) = value.content, let result = YAMLWords.bool(text) { return result }
        mistake(key, "has to be true or false, not \(value.kind)", hint: "write \(key): true or \(key): false")
        return nil
    }

    /// The whole number of a key.
    func integer(_ key: String, in range: ClosedRange<Int>) -> Int? {
        guard let value = value(key) else { return nil }
        if case .scalar(let text, isPlain: true) = value.content, let number = Int(text), range.contains(number) {
            return number
        }
        mistake(
            key, "has to be a whole number from \(range.lowerBound) to \(range.upperBound), not \(value.kind)",
            hint: "write a number without quotes")
        return nil
    }

    /// The bytes that a size comes to.
    func size(_ key: String) -> Int64? {
        guard let text = text(key) else { return nil }
        if let bytes = SizeText.bytes(text) { return bytes }
        mistake(
            key, "has to be a size, not \(Printable.quoted(Printable.escaped(text)))",
            hint: "write a whole number and a unit, such as 512MiB or 4GiB")
        return nil
    }

    /// One of a few words.
    func word<Word: RawRepresentable & CaseIterable>(_ key: String, _: Word.Type) -> Word?
    where Word.RawValue == String {
        guard let text = text(key) else { return nil }
        if let word = Word(rawValue: text) { return word }
        let words = Word.allCases.map(\.rawValue)
        mistake(
            key, "\(Printable.quoted(Printable.escaped(text))) is not supported",
            hint: Spelling.nearest(to: text, in: words).map { "did you mean \($0)?" }
                ?? "write \(Printable.alternatives(words))")
        return nil
    }

    /// The map of a key; an empty one where it is not written.
    func map(_ key: String) -> MapReader? {
        value(key).map { MapReader($0, name(key), log, keys: tables) }
    }

    /// The elements of a list.
    func list(_ key: String) -> [TemplateValue] {
        guard let value = value(key) else { return [] }
        if case .list(let elements) = value.content { return elements }
        mistake(
            key, "has to be a list, not \(value.kind)", hint: "write each element on a line that begins with \"- \"")
        return []
    }

    /// The maps of a list.
    func maps(_ key: String) -> [MapReader] {
        list(key).map { element in
            if element.isNothing {
                log.add(
                    element.place, "\(name(key)) has an empty element", hint: "remove the dash, or write keys after it")
            }
            return MapReader(element, name(key) + "[]", log, keys: tables)
        }
    }

    /// The texts of a list, with where each stands; those that a check complains about are told and left out.
    func texts(_ key: String, _ complaint: (String) -> String? = { _ in nil }) -> [String] {
        list(key).compactMap { element in
            guard let text = element.text else {
                log.add(element.place, "\(name(key)) has to hold texts, not \(element.kind)", hint: "write - TEXT")
                return nil
            }
            if let complaint = complaint(text) {
                log.add(
                    element.place, "\(name(key)): \(Printable.quoted(Printable.escaped(text))) \(complaint)",
                    hint: "correct this element of \(key)")
                return nil
            }
            return text
        }
    }
}
