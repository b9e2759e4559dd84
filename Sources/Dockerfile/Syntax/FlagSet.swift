import Patterns

/// The flags of one instruction, checked against those that it knows.
struct FlagSet: Sendable {
    /// What a flag takes.
    enum Form {
        case switched
        case value
        case values
    }

    private var given: [String: [String]] = [:]

    init(_ flags: [String], _ known: [String: Form] = [:]) throws(DockerfileError) {
        for flag in flags {
            let scalars = flag.unicodeScalars.dropFirst(2)
            let equals = scalars.firstIndex(of: "=")
            let name = String(scalars[..<(equals ?? scalars.endIndex)])
            let value = equals.map { String(scalars[$0...].dropFirst()) }
            guard let form = known[name] else {
                throw DockerfileError.unknown(
                    "unknown flag: --\(name)", name, among: known.keys.sorted(),
                    isPlausible: Misspelling.isFlag(name))
            }
            if form != .values, given[name] != nil { throw DockerfileError("duplicate flag specified: \(name)") }
            switch form {
            case .switched:
                let word = GoText.lowercased(value ?? "true")
                if word.isEmpty { throw DockerfileError("missing a value on flag: \(name)") }
                guard word == "true" || word == "false" else {
                    throw DockerfileError("expecting boolean value for flag \(name), not: \(value ?? "")")
                }
                given[name] = [word]
            case .value, .values:
                guard let value else { throw DockerfileError("missing a value on flag: \(name)") }
                given[name, default: []].append(value)
            }
        }
    }

    /// The value of a flag; empty where it is not given.
    subscript(name: String) -> String { given[name]?.first ?? "" }

    /// All values of a flag.
    func all(_ name: String) -> [String] { given[name] ?? [] }

    /// The value of a switch; nil where it is not given.
    func isOn(_ name: String) -> Bool? { given[name].map { $0 == ["true"] } }
}
