import JSON
import SystemCalls
import SystemPackage
import YAML

/// A node with its place in the schema, checked as it is read.
struct Field {
    let node: YAMLNode
    /// The place, such as `images.app.tag`; empty for the root.
    let path: String
    /// The file's name in messages.
    let file: String

    /// Where the value stands.
    var origin: Origin { .file(file, line: node.line) }

    /// An error about this value.
    func error(_ reason: String, hint: String? = nil) -> ConfigurationError {
        ConfigurationError(
            "cannot read \(file):\(node.line): \(path.isEmpty ? "" : "\(path): ")\(reason)", hint: hint)
    }

    /// The text of a scalar.
    func text() throws(ConfigurationError) -> String {
        guard case .scalar(let text, _) = node.content, !node.isNull else {
            throw error("expected a text, found \(node.kind)")
        }
        return text
    }

    /// The text of a scalar that may not be empty.
    func word() throws(ConfigurationError) -> String {
        let text = try literal()
        if text.isEmpty { throw error("it is empty") }
        return text
    }

    /// The text of a scalar that is taken as it stands.
    ///
    /// What looks as if a variable were to be put in is an error, since nothing does so. Commands and options are for
    /// shells and engines; they may hold it.
    func literal() throws(ConfigurationError) -> String {
        let text = try text()
        guard let name = Self.interpolated(in: text) else { return text }
        throw error(
            "\(Printable.quoted(text)) is not interpolated: no variable of the caller is put into this file",
            hint: path.contains(".args.")
                ? "{\(name): } in args takes the caller's value, and the default of the ARG where it is not set"
                : path.contains(".env.") ? "passEnv: [\(name)] hands the caller's value on" : nil)
    }

    /// The name of the first variable that a text holds as `${NAME}` or `${NAME:-default}`; nil where it holds none.
    private static func interpolated(in text: String) -> String? {
        var rest = text.utf8[...]
        while let dollar = rest.firstIndex(of: UInt8(ascii: "$")) {
            rest = rest[dollar...].dropFirst()
            guard rest.first == UInt8(ascii: "{") else { continue }
            let name = rest.dropFirst().prefix {
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x5F
            }
            guard let first = name.first, !(0x30...0x39).contains(first), let end = rest[name.endIndex...].first,
                "}:-?+".utf8.contains(end)
            else { continue }
            return String(name)
        }
        return nil
    }

    /// `true` or `false`.
    func truth() throws(ConfigurationError) -> Bool {
        if case .scalar(let text, isPlain: true) = node.content {
            if ["true", "True", "TRUE"].contains(text) { return true }
            if ["false", "False", "FALSE"].contains(text) { return false }
        }
        throw error("expected true or false, found \(node.kind)")
    }

    /// A whole number from 0.
    func count() throws(ConfigurationError) -> Int {
        guard case .scalar(let text, isPlain: true) = node.content, let value = Int(text), value >= 0 else {
            throw error("expected a whole number from 0, found \(node.kind)")
        }
        return value
    }

    /// A number from 0.
    func number() throws(ConfigurationError) -> Double {
        guard case .scalar(let text, isPlain: true) = node.content, let value = Double(text), value >= 0, value < 1e6
        else {
            throw error("expected a number from 0, found \(node.kind)")
        }
        return value
    }

    /// One of a closed set of words.
    func choice<Choice: CaseIterable & RawRepresentable<String>>() throws(ConfigurationError) -> Choice {
        let text = try text()
        if let choice = Choice(rawValue: text) { return choice }
        throw error(
            "expected \(Printable.alternatives(Choice.allCases.map(\.rawValue))), found \(Printable.quoted(text))")
    }

    /// The elements of a list.
    func elements() throws(ConfigurationError) -> [Field] {
        guard case .sequence(let elements) = node.content else { throw error("expected a list, found \(node.kind)") }
        return elements.enumerated().map { Field(node: $1, path: "\(path)[\($0)]", file: file) }
    }

    /// A list of texts, of which any may be empty.
    func texts() throws(ConfigurationError) -> [String] {
        var result: [String] = []
        for element in try elements() { result.append(try element.text()) }
        return result
    }

    /// A list of texts, none of them empty.
    func words() throws(ConfigurationError) -> [String] {
        var result: [String] = []
        for element in try elements() { result.append(try element.word()) }
        return result
    }

    /// The entries of a map, in their order, with the line of each key.
    func entries() throws(ConfigurationError) -> [(key: String, line: Int, value: Field)] {
        guard case .mapping(let entries) = node.content else { throw error("expected a map, found \(node.kind)") }
        return entries.map { entry in
            (
                entry.key, entry.line,
                Field(node: entry.value, path: path.isEmpty ? entry.key : "\(path).\(entry.key)", file: file)
            )
        }
    }

    /// A map of names to texts, such as arguments or variables.
    func pairs() throws(ConfigurationError) -> [String: String] {
        var result: [String: String] = [:]
        for (key, _, value) in try entries() {
            if key.isEmpty || key.contains("=") { throw value.error("\(Printable.quoted(key)) cannot be a name") }
            result[key] = try value.literal()
        }
        return result
    }

    /// Globs, which are relative to the file's folder and never lead out of it.
    func globs() throws(ConfigurationError) -> [String] {
        let globs = try words()
        for (glob, element) in zip(globs, try elements()) {
            let path = FilePath(glob.hasPrefix("!") ? String(glob.dropFirst()) : glob).lexicallyNormalized()
            if path.components.first?.kind == .parentDirectory {
                throw element.error("\(Printable.quoted(glob)) leads out of this file's folder")
            }
        }
        return globs
    }

    /// A value that nobody looks into: its text, else what it is.
    var summary: JSONValue {
        if case .scalar(let text, _) = node.content { .string(text) } else { .string(node.kind) }
    }

    /// The values of a map whose keys are fixed; a key without a value counts as absent.
    func fields(_ known: [String]) throws(ConfigurationError) -> [String: Field] {
        var result: [String: Field] = [:]
        for (key, line, value) in try entries() {
            if !known.contains(key) {
                if path.isEmpty, key.hasPrefix("x-") { continue }
                let guess = Spelling.nearest(to: key, in: known)
                let place = path.isEmpty ? "" : "\(path): "
                throw ConfigurationError(
                    "cannot read \(file):\(line): \(place)unknown key \(Printable.quoted(key))"
                        + (guess.map { ", did you mean \(Printable.quoted($0))?" } ?? ""),
                    hint: guess == nil ? "known keys: \(known.joined(separator: ", "))" : nil)
            }
            if !value.node.isNull { result[key] = value }
        }
        return result
    }
}
