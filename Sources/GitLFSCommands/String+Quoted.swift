extension String {
    /// The text in quotes as Go's `%q` writes it, which is how git-lfs shows paths and patterns.
    var quotedAsGo: String {
        var text = "\""
        for scalar in unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case "\u{0}"..<" ", "\u{7f}":
                let code = String(scalar.value, radix: 16)
                text += "\\x" + (code.count < 2 ? "0" : "") + code
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text + "\""
    }
}
