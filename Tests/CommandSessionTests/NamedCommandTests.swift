import ArgumentParser
import Testing

@testable import CommandSession

/// The parser is asked about one command first; what it says must be what it says of all of them.
@Suite struct NamedCommandTests {
    private struct Root: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "program", version: "1.0", subcommands: [Other.self, Plain.self, Group.self])
    }

    private struct Other: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "other", aliases: ["another"])
        @Flag(name: .shortAndLong) var force = false
    }

    private struct Plain: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "plain")
        @Argument var names: [String] = []
        @Option(name: .shortAndLong) var number = 1
        @Option(parsing: .unconditional) var text: String?
        @Flag(name: .shortAndLong) var verbose: Int
        func validate() throws {
            if number < 0 { throw ValidationError("a number is not negative") }
        }
    }

    private struct Group: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "group", subcommands: [Plain.self])
    }

    /// What became of words: the command with its values, or the message and the status.
    private func outcome(_ parse: () throws -> any ParsableCommand) -> String {
        do {
            var command = try parse()
            if let plain = command as? Plain {
                return "plain \(plain.names) \(plain.number) \(plain.text ?? "none") \(plain.verbose)"
            }
            if let other = command as? Other { return "other \(other.force)" }
            try command.run()
            return "\(type(of: command))"
        } catch {
            return "\(Root.exitCode(for: error)) \(Root.fullMessage(for: error))"
        }
    }

    @Test(arguments: [
        [], ["plain"], ["plain", "a", "-vv", "--number", "2", "b"], ["plain", "--text", "--help"], ["plain", "--help"],
        ["plain", "-h", "x"], ["plain", "--version"], ["plain", "--number", "x"], ["plain", "--number=-1"],
        ["plain", "--unknown"], ["plain", "--numbr", "1"], ["plain", "--number"], ["plain", "-vn2", "--", "-v"],
        ["plain", "--", "--help"], ["plain", "help"], ["plain", "plain"], ["plain", "other"], ["other", "-f"],
        ["other", "x"], ["another", "--force"], ["group"], ["group", "plain", "a"], ["group", "--help"], ["help"],
        ["help", "plain"], ["--help"], ["--version"], ["-v", "plain"], ["--", "plain", "a"], ["unknown"], ["plain="],
        ["plain", "--generate-completion-script", "bash"], ["--generate-completion-script=bash"],
        ["plain", "--experimental-dump-help"], ["---completion", "plain", "--", "--number", "0", "0"], ["plain", ""],
    ])
    func theParserSaysOfOneCommandWhatItSaysOfAll(words: [String]) {
        let whole = outcome { try Root.parseAsRoot(words) }
        #expect(outcome { try CommandRunner.command(words, of: Root.self) } == whole)
    }
}
