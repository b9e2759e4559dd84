import Programs
import SystemCalls
import SystemPackage

/// A path of this machine in the value of an engine's option.
struct OptionPath: Hashable, Sendable {
    /// What is done with it.
    enum Use: String, Sendable {
        case mount, read
    }

    let use: Use
    /// The value's text before the path.
    let head: String
    let path: String
    /// The value's text behind the path.
    let tail: String

    /// The path in an option's value; nil where it has none.
    init?(_ option: EngineOptionWords.Option) {
        guard let value = option.value else { return nil }
        switch option.name {
        case "-v", "--volume":
            // What names no path is a volume; a path alone is one of the container.
            guard let colon = value.firstIndex(of: ":"), value.hasPrefix(".") || value.hasPrefix("/"),
                !value.contains("\\")
            else { return nil }
            self.init(.mount, "", String(value[..<colon]), String(value[colon...]))
        case "--mount": self.init(mount: value)
        case "--env-file", "--label-file":
            if value.isEmpty { return nil }
            self.init(.read, "", value, "")
        default: return nil
        }
    }

    private init(_ use: Use, _ head: String, _ path: String, _ tail: String) {
        (self.use, self.head, self.path, self.tail) = (use, head, path, tail)
    }

    /// The source of `type=bind,src=PATH,…`, a line of CSV.
    private init?(mount value: String) {
        let fields = Self.fields(value)
        guard fields.contains(where: { $0.text == "type=bind" }) else { return nil }
        for field in fields {
            guard let sign = field.text.firstIndex(of: "="), ["src", "source"].contains(field.text[..<sign]) else {
                continue
            }
            let path = String(field.text[field.text.index(after: sign)...])
            if path.isEmpty { return nil }
            let head = String(value[..<field.range.lowerBound]) + "\(field.text[..<sign])="
            self.init(.mount, head, path, String(value[field.range.upperBound...]))
            return
        }
        return nil
    }

    /// The fields of a line of CSV, each with its place in the line.
    private static func fields(_ line: String) -> [(text: String, range: Range<String.Index>)] {
        var fields: [(text: String, range: Range<String.Index>)] = []
        var start = line.startIndex
        while true {
            var (text, next) = ("", start)
            var isQuoted = false
            if next < line.endIndex, line[next] == "\"" {
                isQuoted = true
                next = line.index(after: next)
            }
            while next < line.endIndex, isQuoted || line[next] != "," {
                let character = line[next]
                next = line.index(after: next)
                if isQuoted, character == "\"" {
                    // Two of them are one; one alone ends the field.
                    guard next < line.endIndex, line[next] == "\"" else {
                        isQuoted = false
                        continue
                    }
                    next = line.index(after: next)
                }
                text.append(character)
            }
            fields.append((text, start..<next))
            if next == line.endIndex { return fields }
            start = line.index(after: next)
        }
    }
}

/// Options for an engine, and the paths in them that the engine must be given as absolute ones.
///
/// buildah, and docker before 23, take no relative source of a mount.
public struct EngineOptions: Hashable, Sendable {
    /// The words, as they were written.
    public let words: [String]
    /// The relative sources of mounts among them.
    public let relativePaths: [ArgumentPath]

    /// Looks for paths in words.
    ///
    /// - Parameters:
    ///   - words: The options.
    ///   - verb: Whose options they are.
    ///   - root: The folder that relative paths are seen from.
    public init(_ words: [String], of verb: EngineVerb, root: FilePath) {
        self.words = words
        relativePaths = EngineOptionWords(words, of: verb).options.compactMap { option in
            guard let found = OptionPath(option), found.use == .mount, !found.path.hasPrefix("/") else { return nil }
            return ArgumentPath(
                index: option.valueIndex, head: option.head + found.head,
                path: root.pushing(FilePath(found.path)).lexicallyNormalized(), tail: found.tail)
        }
    }
}
