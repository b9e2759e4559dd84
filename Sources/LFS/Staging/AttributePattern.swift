/// The form of a pattern in `.gitattributes`.
package enum AttributePattern {
    /// White space, which would end the pattern, as a bracket expression; `#` escaped, as git-lfs does everywhere.
    package static func escaped(_ pattern: String) -> String {
        pattern.replacing(" ", with: "[[:space:]]").replacing("#", with: "\\#")
    }

    /// The pattern that a line of `.gitattributes` stands for.
    package static func unescaped(_ pattern: String) -> String {
        pattern.replacing("[[:space:]]", with: " ").replacing("\\#", with: "#")
    }

    /// A file's name as a pattern that matches nothing else.
    package static func literal(_ name: String) -> String {
        var text = ""
        for character in name {
            if "*?[]\\".contains(character) { text.append("\\") }
            text.append(character)
        }
        return text
    }
}
