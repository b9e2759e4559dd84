import Git
import SystemCalls

/// The form of a pattern in `.gitattributes`.
package enum AttributePattern {
    /// White space, which would end the pattern, as a bracket expression; `#` escaped, as git-lfs does everywhere.
    package static func escaped(_ pattern: String) -> String {
        let text = pattern.replacing(" ", with: "[[:space:]]").replacing("#", with: "\\#")
        return withoutKeptBytes(text)
    }

    /// The pattern that a line of `.gitattributes` stands for.
    package static func unescaped(_ pattern: String) -> String {
        pattern.replacing("[[:space:]]", with: " ").replacing("\\#", with: "#")
    }

    /// A file's name as a pattern that matches nothing else, as it stands in a line.
    package static func literal(_ name: String) -> String {
        withoutKeptBytes(String(keeping: LiteralPattern.of(name.keptBytes)))
    }

    /// `?` in place of a byte that is not UTF-8, which it matches: the file stays text.
    private static func withoutKeptBytes(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0.isKeptByte ? "?" : $0 }))
    }
}
