import Foundation
import JSON
import TestSupport
import Testing

/// The commands that the pages quote: each names a command of the programs, and options that it has.
@Suite struct QuotedCommandTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// What a program says of one of its commands.
    private struct Command {
        var options: Set<String>
        var commands: [String: Command]

        init(_ json: JSONValue) {
            options = ["--help", "-h"]
            for argument in json["arguments"]?.array ?? [] {
                for name in argument["names"]?.array ?? [] {
                    options.insert((name["kind"] == "short" ? "-" : "--") + (name["name"]?.string ?? ""))
                }
            }
            commands = [:]
            // Every command has `help`, also one without others.
            for command in json["subcommands"]?.array ?? [] where command["commandName"] != "help" {
                commands[command["commandName"]?.string ?? ""] = Command(command)
            }
        }
    }

    @Test func everyQuotedCommandIsOneOfThePrograms() async throws {
        var programs: [String: Command] = [:]
        try await Sandbox.with { sandbox in
            for program in ["cache-image", "run-tests", "image-composer"] {
                let help = try await sandbox.run(program, ["--experimental-dump-help"]).check()
                programs[program] = Command(try #require(try JSONValue(parsing: help.outputBytes)["command"]))
            }
        }
        #expect((programs["cache-image"]?.commands.count ?? 0) > 15)
        var count = 0
        for page in try Self.pages() {
            for words in Self.quoted(in: page.text) {
                guard let program = programs[words[0]] else { continue }
                count += 1
                let problem = Self.problem(words.dropFirst(), program)
                #expect(problem == nil, "\(page.path): \(words.joined(separator: " ")): \(problem ?? "")")
            }
        }
        #expect(count > 80)
    }

    @Test(arguments: [
        ("cache-image updat", "updat"), ("cache-image status --exit-cod", "--exit-cod"),
        ("cache-image lfs instal", "instal"), ("run-tests unit --froze", "--froze"), ("cache-image update", nil),
        ("cache-image lfs VERB", nil), ("cache-image -C dir config show", nil), ("run-tests unit -- --any", nil),
    ])
    func aWrongWordIsSeen(line: String, wrong: String?) throws {
        let help: JSONValue = [
            "arguments": [["names": [["kind": "long", "name": "exit-code"], ["kind": "long", "name": "frozen"]]]],
            "subcommands": [
                ["commandName": "update"], ["commandName": "lfs", "subcommands": [["commandName": "install"]]],
                ["commandName": "status", "arguments": [["names": [["kind": "long", "name": "exit-code"]]]]],
                [
                    "commandName": "config",
                    "subcommands": [
                        ["commandName": "show", "arguments": [["names": [["kind": "short", "name": "C"]]]]]
                    ],
                ],
            ],
        ]
        var program = Command(help)
        let words = line.split(separator: " ").map(String.init)
        if words[0] == "run-tests" { program.commands = [:] }
        #expect(Self.problem(words.dropFirst(), program) == wrong)
    }

    /// The word of a command line that the program does not know; nil where all is well.
    ///
    /// Words in capital letters stand for others. Flags before the command are those of every command.
    private static func problem(_ words: ArraySlice<String>, _ program: Command) -> String? {
        var command = program
        var early: [String] = []
        var rest = words
        while let word = rest.first {
            rest = rest.dropFirst()
            if word == "--" { break }
            if word.hasPrefix("-") {
                let name = word.split(separator: "=").first.map(String.init) ?? word
                if command.commands.isEmpty {
                    if !command.options.contains(name) { return word }
                } else {
                    if !command.options.contains(name) { early.append(name) }
                    if name == "-C" { rest = rest.dropFirst() }
                }
                continue
            }
            if command.commands.isEmpty { continue }
            guard let next = command.commands[word] else {
                return word.contains(where: \.isLowercase) && word != "help" ? word : nil
            }
            command = next
            if command.commands.isEmpty, let unknown = early.first(where: { !command.options.contains($0) }) {
                return unknown
            }
        }
        return nil
    }

    /// The pages.
    private static func pages() throws -> [(path: String, text: String)] {
        let docs = try FileManager.default.contentsOfDirectory(atPath: root.path + "/docs").filter {
            $0.hasSuffix(".md")
        }
        let paths =
            ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "docker-cache/README.md"] + docs.map { "docs/" + $0 }
        return try paths.map { ($0, try String(contentsOf: root.appendingPathComponent($0), encoding: .utf8)) }
    }

    /// The command lines of a page: those of its code blocks, and those that stand in its text as code.
    private static func quoted(in text: String) -> [[String]] {
        var lines: [Substring] = []
        var prose = ""
        var isCode = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.drop(while: { $0 == " " }).hasPrefix("```") {
                isCode.toggle()
            } else if isCode {
                lines.append(line)
            } else {
                prose += line.drop { $0 == " " } + " "
            }
        }
        lines += prose.matches(of: /`(?<code>[^`]+)`/).map(\.output.code)
        return lines.compactMap { line in
            let command = line.trimmingPrefix("$ ").trimmingPrefix("sudo ").prefix { $0 != "#" && $0 != "|" }
            var words = command.split(separator: " ").map(String.init)
            guard let first = words.first else { return nil }
            words[0] = String(first.trimmingPrefix("bin/"))
            return words
        }
    }
}
