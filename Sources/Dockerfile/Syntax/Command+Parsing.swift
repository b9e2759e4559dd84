import Patterns

extension Command {
    /// Checks an instruction.
    init(_ instruction: Instruction) throws(DockerfileError) {
        let arguments = instruction.arguments
        let keyword = instruction.keyword
        switch keyword {
        case "FROM": self = try Self.from(instruction)
        case "ARG": self = .argument(try Self.declarations(instruction))
        case "ENV": self = .environment(try Self.pairs(instruction))
        case "LABEL": self = .label(try Self.pairs(instruction))
        case "MAINTAINER": self = .maintainer(try Self.single(instruction))
        case "ADD", "COPY": self = .copy(try CopyCommand(instruction))
        case "RUN": self = .run(try RunCommand(instruction))
        case "WORKDIR": self = .workingDirectory(try Self.single(instruction))
        case "USER": self = .user(try Self.single(instruction))
        case "STOPSIGNAL":
            guard arguments.count == 1 else { throw DockerfileError("STOPSIGNAL requires exactly one argument") }
            self = .stopSignal(arguments[0])
        case "CMD", "ENTRYPOINT":
            _ = try FlagSet(instruction.flags)
            let line = CommandLine(arguments: arguments, usesShell: !instruction.isJSON)
            self = keyword == "CMD" ? .command(line) : .entrypoint(line)
        case "HEALTHCHECK": self = .healthcheck(try PlannedConfig.Healthcheck(instruction))
        case "EXPOSE": self = .expose(try Self.several(instruction))
        case "VOLUME":
            let volumes = try Self.several(instruction).map(GoText.trimSpace)
            if volumes.contains("") { throw DockerfileError("VOLUME specified can not be an empty string") }
            self = .volume(volumes)
        case "SHELL":
            let shell = try Self.several(instruction)
            guard instruction.isJSON else {
                throw DockerfileError("SHELL requires the arguments to be in JSON form")
            }
            self = .shell(shell)
        case "ONBUILD": self = .onBuild(try Self.trigger(instruction))
        default:
            // The keyword is in capitals by now; whether a later version can be meant is seen in how it was written.
            let written = GoText.trimSpace(instruction.original).unicodeScalars.prefix(keyword.unicodeScalars.count)
            throw DockerfileError.unknown(
                "unknown instruction: \(keyword)", keyword, among: Self.keywords,
                isPlausible: Misspelling.isInstruction(String(written)))
        }
    }

    /// The instructions of this version.
    private static let keywords = [
        "FROM", "ARG", "ENV", "LABEL", "MAINTAINER", "ADD", "COPY", "RUN", "WORKDIR", "USER", "STOPSIGNAL", "CMD",
        "ENTRYPOINT", "HEALTHCHECK", "EXPOSE", "VOLUME", "SHELL", "ONBUILD",
    ]

    private static func single(_ instruction: Instruction) throws(DockerfileError) -> String {
        guard let argument = instruction.arguments.first else {
            throw DockerfileError("\(instruction.keyword) requires exactly one argument")
        }
        _ = try FlagSet(instruction.flags)
        return argument
    }

    private static func several(_ instruction: Instruction) throws(DockerfileError) -> [String] {
        if instruction.arguments.isEmpty {
            throw DockerfileError("\(instruction.keyword) requires at least one argument")
        }
        _ = try FlagSet(instruction.flags)
        return instruction.arguments
    }

    private static func pairs(_ instruction: Instruction) throws(DockerfileError) -> [Pair] {
        let arguments = try several(instruction)
        var pairs: [Pair] = []
        for index in stride(from: 0, to: arguments.count - 2, by: 3) {
            if arguments[index].isEmpty {
                throw DockerfileError("\(instruction.keyword) names can not be blank")
            }
            pairs.append(Pair(name: arguments[index], value: arguments[index + 1]))
        }
        return pairs
    }

    private static func declarations(
        _ instruction: Instruction
    ) throws(DockerfileError) -> [(name: String, value: String?)] {
        if instruction.arguments.isEmpty { throw DockerfileError("ARG requires at least one argument") }
        var declarations: [(name: String, value: String?)] = []
        for argument in instruction.arguments {
            let scalars = argument.unicodeScalars
            guard let equals = scalars.firstIndex(of: "=") else {
                declarations.append((argument, nil))
                continue
            }
            if equals == scalars.startIndex { throw DockerfileError("ARG names can not be blank") }
            declarations.append((String(scalars[..<equals]), String(scalars[equals...].dropFirst())))
        }
        return declarations
    }

    private static func from(_ instruction: Instruction) throws(DockerfileError) -> Command {
        let arguments = instruction.arguments
        var name: String?
        if arguments.count == 3, GoText.lowercased(arguments[1]) == "as" {
            let lowercased = arguments[2].lowercased()
            let isValid =
                lowercased.utf8.first.map { (0x61...0x7A).contains($0) } ?? false
                && lowercased.utf8.allSatisfy {
                    (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || "-_.".utf8.contains($0)
                }
            if !isValid {
                throw DockerfileError(
                    "invalid name for build stage: \(Quoted.string(arguments[2])), "
                        + "name can't start with a number or contain symbols")
            }
            name = lowercased
        } else if arguments.count != 1 {
            throw DockerfileError("FROM requires either one or three arguments")
        }
        let flags = try FlagSet(instruction.flags, ["platform": .value])
        return .from(base: arguments[0], name: name, platform: flags["platform"])
    }

    /// The text of ONBUILD's instruction, heredocs included.
    private static func trigger(_ instruction: Instruction) throws(DockerfileError) -> String {
        guard let deferred = instruction.deferred.first else {
            throw DockerfileError("ONBUILD requires at least one argument")
        }
        _ = try FlagSet(instruction.flags)
        if deferred.keyword == "FROM" || deferred.keyword == "MAINTAINER" {
            throw DockerfileError("\(deferred.keyword) isn't allowed as an ONBUILD trigger")
        }
        var text = instruction.original.unicodeScalars.drop(while: GoText.isSpace).dropFirst("ONBUILD".count)
        text = text.drop(while: GoText.isSpace)
        return instruction.heredocs.reduce(into: String(text)) { $0 += "\n" + $1.content + $1.name }
    }
}
