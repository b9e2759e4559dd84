import Dockerfile
import SystemCalls

/// A Dockerfile of the project, as far as a configuration has to know it.
struct FoundDockerfile: Hashable, Sendable {
    /// A stage: its name where it has one, and what it starts from.
    struct Stage: Hashable, Sendable {
        let name: String?
        let base: String
        /// Whether it says what runs where nothing is named.
        var hasCommand = false
        /// Whether it has an ENTRYPOINT.
        var hasEntrypoint = false
        /// Whether it takes files of the context.
        var takesFiles = false
        /// Whether it takes the whole context.
        var takesAll = false
    }

    let path: RelativePath
    let stages: [Stage]
    /// The files and folders of the context that it takes by their names.
    let sources: [String]

    /// Names of stages that are there for tests, the most telling first.
    static let testStages = ["test", "tests", "testing", "unit-test", "ci"]

    /// Endings of files that only look like Dockerfiles: rules of what is ignored, templates, what editors leave.
    private static let foreignEndings = [
        ".dockerignore", ".containerignore", ".j2", ".jinja", ".jinja2", ".in", ".tmpl", ".tpl", ".template", ".erb",
        ".orig", ".rej", ".bak", ".swp", ".md", ".lock", "~",
    ]

    /// Whether a file is called as Dockerfiles are: `Dockerfile`, `Containerfile`, `NAME.Dockerfile`, `Dockerfile.NAME`.
    static func isName(_ name: String) -> Bool {
        if foreignEndings.contains(where: { name.lowercased().hasSuffix($0) }) { return false }
        if ["Dockerfile", "dockerfile", "Containerfile"].contains(name) { return true }
        return ["Dockerfile", "Containerfile"].contains { kind in
            [kind, kind.lowercased()].contains { name.hasPrefix($0 + ".") || name.hasSuffix("." + $0) }
        }
    }

    /// Reads a Dockerfile; nil where it cannot be read as one.
    init?(_ path: RelativePath, _ text: [UInt8]) {
        guard let syntax = try? DockerfileSyntax(text) else { return nil }
        var stages: [Stage] = []
        var sources: [String] = []
        for instruction in syntax.instructions {
            let words = instruction.arguments
            if instruction.keyword == "FROM" {
                guard let base = words.first else { return nil }
                let isNamed = words.count == 3 && words[1].lowercased() == "as"
                stages.append(Stage(name: isNamed ? words[2].lowercased() : nil, base: base))
                continue
            }
            guard var stage = stages.popLast() else { continue }
            switch instruction.keyword {
            case "CMD": stage.hasCommand = true
            case "ENTRYPOINT": (stage.hasCommand, stage.hasEntrypoint) = (true, true)
            case "COPY", "ADD":
                if instruction.flags.contains(where: { $0.hasPrefix("--from") }) { break }
                stage.takesFiles = true
                sources += words.dropLast().filter { word in
                    !["$", "*", "?", "[", "<<", "://"].contains { word.contains($0) }
                }
                if words.dropLast().contains(where: { [".", "./", "/", "*", "./*"].contains($0) }) {
                    stage.takesAll = true
                }
            default: break
            }
            stages.append(stage)
        }
        if stages.isEmpty { return nil }
        self.path = path
        self.stages = stages
        self.sources = sources
    }

    /// The stages that have names, in order.
    var stageNames: [String] { stages.compactMap(\.name) }

    /// The stage that is there for tests; nil where none is.
    var testStage: String? { Self.testStages.first { stageNames.contains($0) } }

    /// Whether any stage takes the whole context.
    var takesAll: Bool { stages.contains(where: \.takesAll) }

    /// Whether the stage of a target says itself what runs in it.
    func hasCommand(_ target: String?) -> Bool { chain(target).first?.hasCommand ?? false }

    /// Whether the image of a target has an ENTRYPOINT, apart from what its base image says.
    func hasEntrypoint(_ target: String?) -> Bool { chain(target).contains(where: \.hasEntrypoint) }

    /// Whether any image of it gets files of the project.
    var takesFiles: Bool { stages.contains(where: \.takesFiles) }

    /// The stage of a target and those that it is made from.
    private func chain(_ target: String?) -> [Stage] {
        var found: [Stage] = []
        var index = target.flatMap { name in stages.lastIndex { $0.name == name } } ?? stages.count - 1
        while true {
            found.append(stages[index])
            let base = stages[index].base.lowercased()
            guard let next = stages[..<index].lastIndex(where: { $0.name == base }) else { return found }
            index = next
        }
    }
}

extension ProjectFiles {
    /// The Dockerfiles, those at the root first.
    func dockerfiles() -> (found: [FoundDockerfile], unreadable: [RelativePath]) {
        var found: [FoundDockerfile] = []
        var unreadable: [RelativePath] = []
        for path in paths where FoundDockerfile.isName(path.name) {
            // What is no text, or looks like a variable, cannot be named in the configuration.
            let isText = String(validating: path.bytes, as: UTF8.self)?.contains("$") == false
            if isText, let text = bytes(path), let dockerfile = FoundDockerfile(path, text) {
                found.append(dockerfile)
            } else {
                unreadable.append(path)
            }
        }
        let depth = { (file: FoundDockerfile) in file.path.components.count }
        return (found.sorted { (depth($0), $0.path) < (depth($1), $1.path) }, unreadable)
    }
}
