import Patterns

/// The flags at the start of an instruction.
enum InstructionFlags {
    /// Takes the words that start with `--`, without their quotes; a lone `--` ends them and is dropped.
    static func take(from rest: inout ArraySlice<Unicode.Scalar>) -> [String] {
        var flags: [String] = []
        while true {
            rest = rest.drop(while: GoText.isSpace)
            guard rest.count > 1, rest.starts(with: ["-", "-"]) else { return flags }
            let flag = word(&rest)
            if flag == "--" { return flags }
            if !flag.isEmpty { flags.append(flag) }
        }
    }

    private static func word(_ rest: inout ArraySlice<Unicode.Scalar>) -> String {
        var word = String.UnicodeScalarView()
        var quote: Unicode.Scalar?
        while let scalar = rest.first {
            if quote == nil, GoText.isSpace(scalar) { break }
            rest.removeFirst()
            if scalar == quote {
                quote = nil
            } else if quote == nil, scalar == "'" || scalar == "\"" {
                quote = scalar
            } else if scalar == "\\" {
                guard let next = rest.popFirst() else { break }
                word.append(next)
            } else {
                word.append(scalar)
            }
        }
        return String(word)
    }
}
