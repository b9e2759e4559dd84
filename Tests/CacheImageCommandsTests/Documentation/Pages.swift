import ArgumentParser
import CacheImageCommands
import Configuration
import Console
import ImageComposerCommands
import RunTestsCommands

extension Page {
    /// The pages of which parts are made from the code.
    static let all = [configuration, commands, imageComposer, exitCodes]

    private static let configuration = Page(
        name: "configuration.md",
        parts: [
            ("file", { keys(ProjectConfiguration.keys.filter(\.isInFile)) }),
            ("images", { keys(below: "images") }), ("levels", { keys(below: "tests.levels") }),
            ("variables", { try variables() }),
        ])

    private static let commands = Page(
        name: "commands.md",
        parts: [
            ("cache-image", { try program(CommandHelp(CacheImageCommand.self)) }),
            ("lfs", { try verbs() }), ("run-tests", { try program(CommandHelp(RunTestsCommand.self)) }),
            ("image flags", { try options(of: "An image without configuration") }),
            ("global flags", { try options(of: "Global options") }),
        ])

    private static let imageComposer = Page(
        name: "image-composer.md",
        parts: [
            ("commands", { try program(CommandHelp(ImageComposerCommand.self)) }),
            ("options", { try options(of: "Options of all commands", in: ImageComposerCommand.self) }),
        ])

    private static let exitCodes = Page(
        name: "exit-codes.md",
        parts: [("codes", { ExitCode.allCases.flatMap { Markdown.item("`\($0.rawValue)`: \($0.meaning)") } })])

    // MARK: Keys

    private static func keys(below name: String) -> [String] {
        keys(ProjectConfiguration.keys.first { $0.name == name }?.keys ?? [])
    }

    private static func keys(_ keys: [KeyDescription]) -> [String] {
        keys.flatMap { key in
            var facts = [key.formWords]
            facts.append(key.unset.map { "default: \($0)" } ?? "default `\(key.standard)`")
            if let flag = key.flag { facts.append("`\(flag.name)`") }
            let note = key.isPlanned ? " It has no effect yet." : ""
            return Markdown.item("`\(key.name)` (\(facts.joined(separator: "; "))): \(key.text)\(note)")
        }
    }

    // MARK: Flags

    /// Every flag with a variable, but those of the git-lfs look-alike.
    private static func variables() throws -> [String] {
        let commands = try CommandHelp(CacheImageCommand.self).all + CommandHelp(RunTestsCommand.self).all
        let own = commands.filter { !$0.name.hasPrefix("cache-image lfs") }.flatMap(\.options)
        var names = own.filter { $0.valueName != nil && !$0.isRepeating }.compactMap { $0.names.last }
        names += ProjectConfiguration.keys.compactMap(\.flag).filter { $0.valueName == nil }.map(\.name)
        return Set(names).filter { $0.hasPrefix("--") }.sorted().map { name in
            "- `\(name)`: `\(FlagValues.variable(of: name))`"
        }
    }

    /// The flags of a group, as the first command that has them says.
    private static func options(
        of section: String, in program: any ParsableCommand.Type = CacheImageCommand.self
    ) throws -> [String] {
        let command = try CommandHelp(program).all.first { command in
            command.options.contains { $0.section == section }
        }
        return items((command?.options ?? []).filter { $0.section == section })
    }

    private static func items(_ arguments: [CommandHelp.Argument]) -> [String] {
        arguments.flatMap { argument in
            let isTold = !argument.isRepeating || argument.text.contains("may be repeated")
            let name = argument.names.isEmpty ? "<\(argument.valueName ?? "")>" : argument.written
            return Markdown.item("`\(name)`: \(argument.text)" + (isTold ? "" : " May be repeated."))
        }
    }

    // MARK: Commands

    /// A program's commands, without the git-lfs look-alike's verbs.
    private static func program(_ program: CommandHelp) -> [String] {
        var lines: [String] = []
        for command in program.all where !command.name.hasPrefix("cache-image lfs ") {
            lines += ["", "### \(command.name)", ""] + Markdown.paragraph(command.abstract)
            if !command.discussion.isEmpty { lines += [""] + Markdown.paragraph(command.discussion) }
            let own = command.options.filter { $0.section == nil && !["--version"].contains($0.names.last) }
            // The operands of commands about images are told once.
            let operands = command.operands.filter { $0.valueName != "image" || !$0.isOptional }
            if !operands.isEmpty || !own.isEmpty { lines += [""] + items(operands + own) }
            let shared = [
                "An image without configuration": "flags of images", "Global options": "global flags",
                "Options of all commands": "options of all commands",
            ]
            let groups = shared.filter { group in command.options.contains { $0.section == group.key } }.values.sorted()
            if !groups.isEmpty {
                lines += [""] + Markdown.paragraph("It takes the \(groups.joined(separator: " and the ")).")
            }
        }
        return lines + [""]
    }

    /// The verbs of the git-lfs look-alike.
    private static func verbs() throws -> [String] {
        let group = try CommandHelp(CacheImageCommand.self).subcommands.first { $0.name == "cache-image lfs" }
        return (group?.subcommands ?? []).flatMap { Markdown.item("`\($0.name)`: \($0.abstract)") }
    }
}
