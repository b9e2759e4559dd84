extension JSONValue {
    /// The value as JSON text with one member or element per line, each level indented by one more `step`.
    public func indentedText(step: String = " ", indent: String = "") -> String {
        let inner = indent + step
        switch self {
        case .array(let values) where !values.isEmpty:
            let lines = values.map { inner + $0.indentedText(step: step, indent: inner) }
            return "[\n" + lines.joined(separator: ",\n") + "\n\(indent)]"
        case .object(let members) where !members.isEmpty:
            let lines = members.map { member in
                inner + JSONValue.string(member.name).text + ": "
                    + member.value.indentedText(step: step, indent: inner)
            }
            return "{\n" + lines.joined(separator: ",\n") + "\n\(indent)}"
        default: return text
        }
    }
}
