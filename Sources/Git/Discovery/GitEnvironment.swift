import SystemCalls
import SystemPackage

/// The variables by which Git is told where things are.
public enum GitEnvironment {
    /// Those that belong to one repository (`git rev-parse --local-env-vars`), configuration apart.
    static let ofOneRepository: Set<String> = [
        "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_COMMON_DIR", "GIT_DIR", "GIT_GRAFT_FILE", "GIT_IMPLICIT_WORK_TREE",
        "GIT_INDEX_FILE", "GIT_INTERNAL_SUPER_PREFIX", "GIT_NAMESPACE", "GIT_NO_REPLACE_OBJECTS",
        "GIT_OBJECT_DIRECTORY", "GIT_PREFIX", "GIT_QUARANTINE_PATH", "GIT_REPLACE_REF_BASE", "GIT_SHALLOW_FILE",
        "GIT_WORK_TREE",
    ]

    /// The environment in which another repository is looked at: without what belongs to this one.
    public static func withoutRepository(_ environment: [String: String]) -> [String: String] {
        environment.filter { !ofOneRepository.contains($0.key) }
    }

    /// The environment with absolute paths, so that it means the same in every folder and in every child.
    ///
    /// - Parameters:
    ///   - environment: The variables as they were given.
    ///   - base: The folder that relative paths are seen from.
    static func resolved(_ environment: [String: String], in base: FilePath) -> [String: String] {
        var result = environment
        for name in [
            "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM",
            "GIT_SHALLOW_FILE", "GIT_GRAFT_FILE",
        ] {
            guard let given = environment[name], !given.isEmpty, !given.hasPrefix("/") else { continue }
            result[name] = String(keeping: FilePath(keeping: given).absolute(in: base).bytes)
        }
        if let given = environment["GIT_ALTERNATE_OBJECT_DIRECTORIES"], !given.isEmpty {
            let paths = folders(given).map { $0.isAbsolute ? $0 : $0.absolute(in: base) }
            result["GIT_ALTERNATE_OBJECT_DIRECTORIES"] = paths.map(listed).joined(separator: ":")
        }
        return result
    }

    /// The folders of a list such as GIT_ALTERNATE_OBJECT_DIRECTORIES: between colons, in quotes where they hold one.
    static func folders(_ list: String) -> [FilePath] {
        var found: [FilePath] = []
        var rest = list.keptBytes[...]
        while !rest.isEmpty {
            if rest.first == UInt8(ascii: "\""), let (text, tail) = QuotedPath.parse(rest) {
                found.append(FilePath(bytes: text))
                rest = tail.drop { $0 != UInt8(ascii: ":") }.dropFirst()
                continue
            }
            let text = rest.prefix { $0 != UInt8(ascii: ":") }
            if !text.isEmpty, text.first != UInt8(ascii: "#") { found.append(FilePath(bytes: text)) }
            rest = rest.dropFirst(text.count).dropFirst()
        }
        return found
    }

    private static func listed(_ path: FilePath) -> String {
        let text = String(keeping: path.bytes)
        guard text.contains(":") || text.contains("\\") else { return text }
        return "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}
