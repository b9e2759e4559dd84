import Context
import Dockerfile
import JSON

extension SecretSeal {
    /// A value in the key: an atom, or `(sym TEXT VALUES)` where the base image's identity has to cover the rest.
    func canonical(_ value: Value) -> CanonicalValue {
        switch value {
        case .known(let text): canonical(text)
        case .symbolic(let symbol): canonical(symbol)
        }
    }

    /// `(sym TEXT VALUES)`.
    func canonical(_ symbol: Value.Symbol) -> CanonicalValue {
        .list([.text("sym"), canonical(symbol.text), canonical(symbol.values)])
    }

    /// A map in the key.
    func canonical(_ values: [String: Value]) -> CanonicalValue { .map(values.mapValues { canonical($0) }) }
}
