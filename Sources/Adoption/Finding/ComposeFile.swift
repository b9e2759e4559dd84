import Configuration
import JSON
import SystemCalls

/// A service of a compose file that is built, or that runs a command in an image that is.
struct ComposeService: Hashable, Sendable {
    /// Where it is declared.
    let file: RelativePath
    let name: String
    /// `image`, where it is written without a variable.
    var image: String?
    var context: RelativePath = ""
    var dockerfile: RelativePath?
    var target: String?
    /// Build arguments; nil takes the caller's value.
    var arguments: [String: String?] = [:]
    /// The command, where it is a list.
    var command: [String] = []
    /// What could not be taken over.
    var remarks: [String] = []
}

/// Compose files: what they build.
///
/// https://github.com/compose-spec/compose-spec/blob/main/build.md
struct ComposeFile {
    private(set) var services: [ComposeService] = []

    /// Whether a file is called as compose files are: `compose.yml`, `docker-compose.test.yaml`.
    static func isName(_ name: String) -> Bool {
        guard name.hasSuffix(".yml") || name.hasSuffix(".yaml") else { return false }
        return ["compose.", "docker-compose.", "podman-compose."].contains { name.hasPrefix($0) }
    }

    /// Reads a compose file; one that is none has no services.
    init(_ path: RelativePath, _ bytes: [UInt8], in files: ProjectFiles) {
        guard let document = try? ForeignDocument.parse(bytes, file: path.description) else { return }
        for member in document["services"]?.members ?? [] {
            guard let build = member.value["build"], build != .null else { continue }
            let service = ComposeService(file: path, name: member.name)
            if let service = Self.read(service, build, member.value, in: files) { services.append(service) }
        }
    }

    private static func read(
        _ service: ComposeService, _ build: JSONValue, _ whole: JSONValue, in files: ProjectFiles
    ) -> ComposeService? {
        var service = service
        let folder = service.file.parent ?? ""
        guard let context = value(build.string ?? build["context"]?.string ?? "."),
            !context.contains("://"), let place = RelativePath.resolving(context, in: folder)
        else { return nil }
        if build["dockerfile_inline"] != nil { return nil }
        service.context = place
        if let text = build["dockerfile"]?.string {
            guard let text = value(text), let path = RelativePath.resolving(text, in: place) else { return nil }
            service.dockerfile = path
        }
        service.target = build["target"]?.string.flatMap(value)
        service.image = whole["image"]?.string.flatMap(value)
        if let words = whole["command"]?.array { service.command = words.compactMap(\.string) }
        for (name, text) in pairs(build["args"]) { service.arguments.updateValue(text.flatMap(value), forKey: name) }
        let others = (build.members ?? []).map(\.name).filter {
            !["context", "dockerfile", "target", "args", "tags", "no_cache", "pull"].contains($0)
        }
        if !others.isEmpty { service.remarks.append("not taken over: build.\(others.joined(separator: ", build."))") }
        return service
    }

    /// A map, or a list of `NAME=value`; nil for a name without a value.
    private static func pairs(_ value: JSONValue?) -> [(String, String?)] {
        if let members = value?.members { return members.map { ($0.name, $0.value.string) } }
        return (value?.array ?? []).compactMap { element in
            guard let text = element.string else { return nil }
            guard let sign = text.firstIndex(of: "=") else { return (text, nil) }
            return (String(text[..<sign]), String(text[text.index(after: sign)...]))
        }
    }

    /// A value with the defaults of its variables put in; nil where one has none.
    static func value(_ text: String) -> String? {
        var result = ""
        var rest = text[...]
        while let dollar = rest.firstIndex(of: "$") {
            result += rest[..<dollar]
            rest = rest[dollar...].dropFirst()
            if rest.first == "$" {
                result += "$"
                rest = rest.dropFirst()
                continue
            }
            guard rest.first == "{", let end = rest.firstIndex(of: "}") else { return nil }
            let inner = rest[rest.startIndex..<end].dropFirst()
            guard let dash = inner.firstIndex(of: "-") else { return nil }
            let name = inner[..<dash].hasSuffix(":") ? inner[..<dash].dropLast() : inner[..<dash]
            guard name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" }) else { return nil }
            let standard = inner[inner.index(after: dash)...]
            if standard.contains("$") { return nil }
            result += standard
            rest = rest[end...].dropFirst()
        }
        return result + rest
    }
}

extension ProjectFiles {
    /// The services that compose files of the root and the folders below build, each name once.
    func composeServices() -> [ComposeService] {
        var services: [ComposeService] = []
        for path in paths where ComposeFile.isName(path.name) {
            guard let bytes = bytes(path) else { continue }
            services += ComposeFile(path, bytes, in: self).services
        }
        return services
    }
}
