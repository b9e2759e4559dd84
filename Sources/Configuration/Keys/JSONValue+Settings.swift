import JSON
import SystemCalls

extension JSONValue {
    /// A number, without a point where it is whole.
    static func short(_ value: Double) -> JSONValue {
        value == value.rounded() ? .integer(Int64(value)) : .number(value)
    }

    /// Variables or arguments, secret values left out.
    static func masked(_ values: [String: String]) -> JSONValue {
        .map(
            Dictionary(
                uniqueKeysWithValues: values.map {
                    ($0.key, .string(SecretName.matches($0.key) ? SecretName.mask : $0.value))
                }))
    }
}
