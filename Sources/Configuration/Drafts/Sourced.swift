import JSON
import SystemPackage

/// A value and where it was said.
struct Sourced<Value: Sendable>: Sendable {
    var value: Value
    var origin: Origin

    init(_ value: Value, _ origin: Origin = .default) {
        self.value = value
        self.origin = origin
    }
}

extension Sourced {
    /// The value of a field, or the default where there is no field.
    init(
        _ field: Field?, default value: Value, _ read: (Field) throws(ConfigurationError) -> Value
    ) throws(ConfigurationError) {
        if let field {
            self.init(try read(field), field.origin)
        } else {
            self.init(value)
        }
    }
}

/// A path as it was written, and the folder that it is relative to.
struct WrittenPath: Sendable {
    var text: String
    var base: FilePath

    /// The absolute path; `.` and `..` are worked out.
    var absolute: FilePath { base.pushing(FilePath(text)).lexicallyNormalized() }
}

extension Origin {
    /// An error about a value that was said here.
    package func error(_ path: String, _ reason: String) -> ConfigurationError {
        switch self {
        case .file: ConfigurationError("cannot read \(self): \(path): \(reason)")
        case .flag, .variable: ConfigurationError("cannot use \(self): \(reason)")
        case .default: ConfigurationError("cannot use \(path): \(reason)")
        }
    }
}
