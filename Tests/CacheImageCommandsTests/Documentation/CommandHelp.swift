import ArgumentParser
import JSON

/// A command as its own help has it, from the parser's dump.
struct CommandHelp {
    /// An operand, option or flag.
    struct Argument: Equatable {
        /// `-C`, `--config`; of an operand nothing.
        let names: [String]
        /// What stands for the value; nil for a flag.
        let valueName: String?
        let isRepeating: Bool
        let isOptional: Bool
        /// The title of the group; nil for the command's own.
        let section: String?
        let text: String

        /// `-q, --quiet` or `--tag <tag>`.
        var written: String {
            let value = valueName.map { " <\($0)>" } ?? ""
            return names.joined(separator: ", ") + value
        }
    }

    /// The words that call it.
    let name: String
    let abstract: String
    let discussion: String
    let operands: [Argument]
    let options: [Argument]
    let subcommands: [CommandHelp]

    /// The help of a program.
    init(_ program: any ParsableCommand.Type) throws {
        let dump = try JSONValue(parsing: program._dumpHelp().utf8)
        self.init(dump["command"] ?? .null, below: "")
    }

    private init(_ command: JSONValue, below path: String) {
        let name = path + (command["commandName"]?.string ?? "")
        self.name = name
        abstract = command["abstract"]?.string ?? ""
        discussion = command["discussion"]?.string ?? ""
        let arguments = (command["arguments"]?.array ?? []).filter { $0["shouldDisplay"] != false }
        operands = arguments.filter { $0["kind"] == "positional" }.map { Argument($0) }
        options = arguments.filter { $0["kind"] != "positional" }.map { Argument($0) }
            .filter { !$0.names.contains("--help") }
        subcommands = (command["subcommands"]?.array ?? []).filter { $0["commandName"] != "help" }
            .map { CommandHelp($0, below: name + " ") }
    }

    /// This command and all below it.
    var all: [CommandHelp] { [self] + subcommands.flatMap(\.all) }
}

extension CommandHelp.Argument {
    fileprivate init(_ argument: JSONValue) {
        names = (argument["names"]?.array ?? []).map { name in
            (name["kind"] == "long" ? "--" : "-") + (name["name"]?.string ?? "")
        }
        valueName = argument["kind"] == "flag" ? nil : argument["valueName"]?.string
        isRepeating = argument["isRepeating"] == true
        isOptional = argument["isOptional"] == true
        section = argument["sectionTitle"]?.string
        text = argument["abstract"]?.string ?? ""
    }
}
