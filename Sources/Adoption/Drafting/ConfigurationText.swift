import SystemCalls

extension ProjectDraft {
    /// The text of a `cache-image.yml` that declares the draft, with comments.
    public var text: String {
        var lines = [
            "# Container images that travel with this repository, and the test levels that run in them.",
            "# `cache-image init` wrote this file; change it as you like. `cache-image config show` prints",
            "# every value in use, `cache-image update` brings the images up to date.",
            "",
            "images:",
        ]
        for image in images { lines += Self.lines(image) }
        if !further.isEmpty {
            lines.append("  # Not declared, since no script or compose file builds them:")
            lines += further.map { "  #   \(YAMLText.comment($0.description))" }
        }
        lines += ["", "# `run-tests LEVEL` runs a level, `run-tests` all of them."]
        if levels.isEmpty {
            lines += [
                "# No test command was found. For example:", "# tests:", "#   levels:",
                "#     unit: [pytest, -q, tests/unit]",
            ]
        } else {
            lines += ["tests:", "  levels:"]
            for level in levels { lines += Self.lines(level) }
        }
        lines += [
            "", "# What of older versions stays on this machine; what Git still needs stays anyway.", "storage:",
            "  image_cache:", "    max_count: 5", "    max_size_gb: 10", "    retention_days: 30",
        ]
        return lines.joined(separator: "\n") + "\n"
    }

    private static func lines(_ image: ImageProposal) -> [String] {
        var lines = image.remarks.map { "  # \(YAMLText.comment($0))" }
        var keys: [String] = []
        if image.tag != "latest" { keys.append("tag: \(YAMLText.word(image.tag))") }
        // Without the key the root is looked into first, so that only this one needs none.
        if image.dockerfile.path != "Dockerfile" {
            keys.append("dockerfile: \(YAMLText.word(image.dockerfile.path.description))")
        }
        if !image.context.bytes.isEmpty { keys.append("context: \(YAMLText.word(image.context.description))") }
        if let target = image.target { keys.append("target: \(YAMLText.word(target))") }
        let stages = image.dockerfile.stageNames
        if !stages.isEmpty {
            lines.append("  # Stages of \(image.dockerfile.path): \(YAMLText.comment(stages.joined(separator: ", ")))")
        }
        if !image.arguments.isEmpty {
            let pairs = image.arguments.sorted { $0.key < $1.key }.map { name, value in
                "\(YAMLText.word(name)): \(value.map(YAMLText.word) ?? "")"
            }
            keys.append("args: {\(pairs.joined(separator: ", "))}")
        }
        if !image.localArguments.isEmpty {
            keys.append("localArgs: \(YAMLText.list(image.localArguments.sorted())) # one image serves every caller")
        }
        lines.append("  \(YAMLText.word(image.name)):" + (keys.isEmpty ? " {}" : ""))
        return lines + keys.map { "    \($0)" }
    }

    private static func lines(_ level: LevelProposal) -> [String] {
        let lines = level.remarks.map { "    # \(YAMLText.comment($0))" }
        let command = YAMLText.list(level.command)
        var keys: [String] = []
        if let image = level.image { keys.append("image: \(YAMLText.word(image))") }
        if let entrypoint = level.entrypoint {
            keys.append("entrypoint: \(entrypoint == "image" ? "image" : YAMLText.list([entrypoint]))")
        }
        if !level.mounts.isEmpty { keys.append("mounts: \(YAMLText.list(level.mounts))") }
        if !level.environment.isEmpty {
            let pairs = level.environment.sorted { $0.key < $1.key }.map {
                "\(YAMLText.word($0)): \(YAMLText.word($1))"
            }
            keys.append("env: {\(pairs.joined(separator: ", "))}")
        }
        if !level.passedEnvironment.isEmpty { keys.append("passEnv: \(YAMLText.list(level.passedEnvironment))") }
        if let folder = level.workingFolder { keys.append("workdir: \(YAMLText.word(folder))") }
        if level.isAsCaller { keys.append("user: host") }
        if let network = level.network { keys.append("network: \(YAMLText.word(network))") }
        let name = YAMLText.word(level.name)
        if keys.isEmpty { return lines + ["    \(name): \(level.command.isEmpty ? "{}" : command)"] }
        if !level.command.isEmpty { keys.insert("command: \(command)", at: 0) }
        return lines + ["    \(name):"] + keys.map { "      \($0)" }
    }
}

/// Texts as YAML has them on one line, also within brackets.
enum YAMLText {
    /// A text as a scalar that stands for just this text.
    static func word(_ text: String) -> String {
        let isPlain =
            text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "._/-+".utf8.contains(byte)
                }
            }
        let kept: Set<String> = ["true", "false", "null", "yes", "no", "on", "off", "y", "n", "-", "--", "---", "..."]
        // What begins like a number could be taken for one.
        let start = text.utf8.first.map { !"0123456789.+-".utf8.contains($0) } ?? false
        let isOption =
            text.hasPrefix("-") && text.dropFirst().contains(where: \.isLetter) && !text.dropFirst().contains("-")
        if isPlain, start || isOption || text.hasPrefix("./"), !kept.contains(text.lowercased()) { return text }
        if text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }) {
            return "'\(text.replacing("'", with: "''"))'"
        }
        var quoted = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\t": quoted += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let digits = String(scalar.value, radix: 16)
                quoted += "\\x" + (digits.count == 1 ? "0" : "") + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return "\"\(quoted)\""
    }

    /// Texts as a list on one line.
    static func list(_ words: [String]) -> String { "[\(words.map(word).joined(separator: ", "))]" }

    /// A text that can stand in a comment.
    static func comment(_ text: String) -> String { Printable.escaped(text) }
}
