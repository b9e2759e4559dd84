import Git
import SystemCalls
import SystemPackage

/// The three lines of the root `.gitattributes` that a cache directory needs.
public enum CacheAttributes {
    /// The lines for a cache directory, in order.
    public static func lines(cache: RelativePath) -> [String] {
        let folder = AttributePattern.escaped(cache.description)
        return [
            "\(folder)/*.tar filter=lfs diff=lfs merge=binary -text", "\(folder)/*.md5 -text", "\(folder)/*.json -text",
        ]
    }

    /// Adds the lines that are missing to the work tree's file; whether any was.
    ///
    /// The file is not staged.
    @discardableResult
    public static func ensure(in repository: Repository, cache: RelativePath) throws -> Bool {
        guard let workTree = repository.workTree else {
            throw GitError(.failed, "change", ".gitattributes", "the repository has no work tree")
        }
        var file = try AttributesFile(in: workTree)
        for line in lines(cache: cache) { file.add(line) }
        try file.write()
        return file.isChanged
    }
}

/// The form of a pattern in `.gitattributes`.
enum AttributePattern {
    /// White space, which would end the pattern, as a bracket expression; `#` at the start escaped.
    static func escaped(_ pattern: String) -> String {
        var text = pattern.replacing(" ", with: "[[:space:]]")
        if text.hasPrefix("#") { text = "\\" + text }
        return text
    }

    /// The pattern that a line of `.gitattributes` stands for.
    static func unescaped(_ pattern: String) -> String {
        var text = pattern.replacing("[[:space:]]", with: " ")
        if text.hasPrefix("\\#") { text.removeFirst() }
        return text
    }

    /// A file's name as a pattern that matches nothing else.
    static func literal(_ name: String) -> String {
        var text = ""
        for character in name {
            if "*?[]\\".contains(character) { text.append("\\") }
            text.append(character)
        }
        return text
    }
}
