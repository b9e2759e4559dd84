import Patterns

/// Options in comma-separated values, as `--mount` and `--device` take them.
enum CommaSeparated {
    /// The fields, nil where quotes do not match; one in double quotes may hold commas and doubled quotes.
    static func fields(_ text: String) -> [String]? {
        var fields: [String] = []
        var scalars = text.unicodeScalars[...]
        if scalars.isEmpty { return nil }
        while true {
            var field = String.UnicodeScalarView()
            if scalars.first == "\"" {
                scalars.removeFirst()
                quoted: while true {
                    guard let scalar = scalars.popFirst() else { return nil }
                    if scalar == "\"" {
                        guard scalars.first == "\"" else { break quoted }
                        scalars.removeFirst()
                    }
                    field.append(scalar)
                }
                guard scalars.isEmpty || scalars.first == "," else { return nil }
            } else {
                field = .init(scalars.prefix { $0 != "," })
                if field.contains("\"") { return nil }
                scalars = scalars.dropFirst(field.count)
            }
            fields.append(String(field))
            if scalars.popFirst() == nil { return fields }
        }
    }

    /// A field's name in lower case, and its value; nil where it has none.
    static func option(_ field: String) -> (name: String, value: String?) {
        let scalars = field.unicodeScalars
        guard let equals = scalars.firstIndex(of: "=") else { return (GoText.lowercased(field), nil) }
        return (GoText.lowercased(String(scalars[..<equals])), String(scalars[equals...].dropFirst()))
    }

    /// A truth value; nil for any other word.
    static func bool(_ text: String) -> Bool? {
        switch text {
        case "1", "t", "T", "true", "TRUE", "True": true
        case "0", "f", "F", "false", "FALSE", "False": false
        default: nil
        }
    }

    /// A size in bytes, with a unit of powers of 1024; nil where it is none.
    static func size(_ text: String) -> Int64? {
        let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        guard let number = Double(digits), number >= 0, number.isFinite else { return nil }
        let suffix = GoText.lowercased(GoText.trimSpace(text.dropFirst(digits.count)))
        let units = ["", "k", "m", "g", "t", "p"]
        guard
            let power = units.firstIndex(where: { unit in
                suffix == unit || suffix == unit + "b" || (!unit.isEmpty && suffix == unit + "ib")
            })
        else { return nil }
        let bytes = (0..<power).reduce(number) { product, _ in product * 1024 }
        return bytes < 9e18 ? Int64(bytes) : nil
    }
}
