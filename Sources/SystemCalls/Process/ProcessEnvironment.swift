import Glibc

/// The environment variables of a process, as text where they are, and as the bytes that they are.
public struct ProcessEnvironment: Sendable {
    /// All variables; a byte that is no part of valid UTF-8 is U+FFFD.
    public let variables: [String: String]
    /// The variables that `variables` does not show as they are, by what it shows.
    private let altered: [String: (value: String, entry: [UInt8])]

    /// The variables of this process, read once at first use.
    public static let own = ProcessEnvironment(entries: systemEntries())
    /// Those of `own` as text.
    public static var current: [String: String] { own.variables }

    /// Takes the entries `NAME=VALUE`.
    public init(entries: [[UInt8]]) {
        var variables: [String: String] = [:]
        var altered: [String: (value: String, entry: [UInt8])] = [:]
        for entry in entries {
            guard let equals = entry.firstIndex(of: UInt8(ascii: "=")) else { continue }
            let name = String(decoding: entry[..<equals], as: UTF8.self)
            let value = String(decoding: entry[entry.index(after: equals)...], as: UTF8.self)
            variables[name] = value
            altered[name] = String(validating: entry, as: UTF8.self) == nil ? (value, entry) : nil
        }
        self.variables = variables
        self.altered = altered
    }

    /// Whether a variable has this value by its text only, because the value is no UTF-8.
    public func isAltered(_ name: String, _ value: String) -> Bool {
        altered[name]?.value == value
    }

    /// The entries for a child that gets these variables: what it has from this process has the bytes that it has here.
    public func entries(of variables: [String: String]) -> [[UInt8]] {
        variables.map { name, value in
            if let altered = altered[name], altered.value == value { return altered.entry }
            return Array("\(name)=\(value)".utf8)
        }
    }

    private static func systemEntries() -> [[UInt8]] {
        var entries: [[UInt8]] = []
        var next = environ
        while let entry = next.pointee {
            entries.append(Array(UnsafeRawBufferPointer(start: entry, count: strlen(entry))))
            next += 1
        }
        return entries
    }
}
