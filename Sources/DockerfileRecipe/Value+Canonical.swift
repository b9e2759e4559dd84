import Context
import Dockerfile
import JSON

extension Value {
    /// The value in the key: an atom, or `(sym TEXT VALUES)` where the base image's identity has to cover the rest.
    var canonical: CanonicalValue {
        switch self {
        case .known(let string): .text(string)
        case .symbolic(let symbol): symbol.canonical
        }
    }
}

extension Value.Symbol {
    /// `(sym TEXT VALUES)`.
    var canonical: CanonicalValue {
        .list([.text("sym"), .text(text), .map(values.mapValues(\.canonical))])
    }
}

extension [String: Value] {
    /// A map in the key.
    var canonical: CanonicalValue { .map(mapValues(\.canonical)) }
}
