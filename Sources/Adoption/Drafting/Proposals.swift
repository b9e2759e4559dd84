import OCI
import SystemCalls

/// An image that a configuration is to declare.
struct ImageProposal: Hashable, Sendable {
    var name: String
    var tag = "latest"
    var dockerfile: FoundDockerfile
    var context: RelativePath
    var target: String?
    /// Build arguments; nil takes the caller's value.
    var arguments: [String: String?] = [:]
    /// Arguments that do not count.
    var localArguments: Set<String> = []
    /// Whether a file of the project says the name.
    var isNamed = false
    /// Where the image was found, and what could not be taken over.
    var remarks: [String] = []
    /// The services of compose files that it stands for.
    var services: [String] = []

    /// Whether it is made of the same things as another.
    func isSame(as other: ImageProposal) -> Bool {
        (dockerfile.path, context, target) == (other.dockerfile.path, other.context, other.target)
    }
}

/// A level that a configuration is to declare.
struct LevelProposal: Hashable, Sendable {
    var name: String
    /// The image's name; nil for the only one.
    var image: String?
    var command: [String] = []
    var entrypoint: String?
    var mounts: [String] = []
    var environment: [String: String] = [:]
    var passedEnvironment: [String] = []
    var workingFolder: String?
    var isAsCaller = false
    var network: String?
    /// Where it was found, and what could not be taken over.
    var remarks: [String] = []
}

/// Names for what is proposed.
enum Proposals {
    /// A word of small letters, digits and dashes; nil where nothing is left of a text.
    static func word(_ text: some StringProtocol) -> String? {
        var result = ""
        for scalar in text.lowercased().unicodeScalars {
            let isPart = ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar)
            if isPart {
                result.unicodeScalars.append(scalar)
            } else if result.last != "-", !result.isEmpty {
                result += "-"
            }
        }
        while result.last == "-" { result.removeLast() }
        return result.isEmpty ? nil : String(result.prefix(64))
    }

    /// The name and tag that a reference gives, without a registry, of which this machine's user would be asked; nil where
    /// it is none.
    static func name(_ reference: String) -> ImageName? {
        guard let whole = try? ImageName(reference) else { return nil }
        if !whole.hasHost { return whole }
        return try? ImageName(name: whole.name.split(separator: "/").dropFirst().joined(separator: "/"), tag: whole.tag)
    }

    /// The name of a level that a command or the script around it tells.
    static func level(_ title: String, _ words: [String]) -> String {
        let telling = ["unit", "integration", "e2e", "lint"]
        for word in words + [title] {
            let parts = word.lowercased().split { !$0.isLetter && !$0.isNumber }
            if let level = telling.first(where: { level in parts.contains { $0 == level || $0 == level + "s" } }) {
                return level
            }
        }
        let idle: Set<String> = [
            "run", "test", "tests", "docker", "podman", "sh", "bash", "container", "in", "all", "do",
        ]
        let parts = title.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init).filter {
            !idle.contains($0)
        }
        return parts.isEmpty ? "unit" : word(parts.joined(separator: "-")) ?? "unit"
    }

    /// A name that is not taken yet: with a number behind it where it is.
    static func free(_ name: String, _ taken: Set<String>) -> String {
        if !taken.contains(name) { return name }
        var number = 2
        while taken.contains("\(name)-\(number)") { number += 1 }
        return "\(name)-\(number)"
    }
}
