import ArgumentParser
import Configuration
import Console
import Glibc
import SystemCalls

/// Command lines that mean nothing, or not what they say.
enum UnusableCommandLine {
    /// Why a command line cannot be used; nil where it can.
    ///
    /// - Parameters:
    ///   - root: The program.
    ///   - groups: Its commands whose second word is a verb.
    ///   - guest: Its group that stands for another program.
    ///   - line: The words, the program's name first.
    ///   - isFed: Whether standard input is something else than a terminal.
    static func complaint<Root: ParsableCommand>(
        of root: Root.Type, groups: Set<String>, guest: GuestGroup?, _ line: [[UInt8]],
        isFed: @autoclosure () -> Bool = isInputFed
    ) -> Failure? {
        if line.isEmpty {
            return Failure(.usage, "cannot read the command line: this process was started without one")
        }
        if let variable = unreadableVariable() {
            return Failure(.usage, "cannot read the variable \(variable): its value is not UTF-8")
        }
        let words = line.dropFirst()
        if let complaint = complaint(ofHelp: words.map { String(decoding: $0, as: UTF8.self) }, of: root) {
            return complaint
        }
        // The mark before paths names no command.
        let named = words.filter { $0 != Array("--".utf8) }
        if !root.configuration.subcommands.isEmpty, named.count < 2 {
            let isOnlyGroup = named.first.map { groups.contains(String(decoding: $0, as: UTF8.self)) } ?? true
            // A filter or a hook of Git's without its verb: help on stdout would become the content of a file.
            if isOnlyGroup, isFed() {
                return Failure(
                    .usage, "cannot read the command line: it names no command, and standard input is no terminal",
                    hint: "\(Root._commandName) --help")
            }
        }
        guard let number = ProcessArguments.firstThatIsNotUTF8(words) else { return nil }
        let texts = words.map { String(decoding: $0, as: UTF8.self) }
        if let guest, texts.first == guest.name, texts.count > 1, guest.pathVerbs.contains(texts[1]) { return nil }
        return Failure(
            .usage, "cannot read the command line: word \(number) is not UTF-8 (\(texts[number - 1]))",
            hint: "name the folder above, or a pattern that matches the file")
    }

    /// `help` about what is no command, which the parser takes for help about all.
    private static func complaint<Root: ParsableCommand>(ofHelp words: [String], of root: Root.Type) -> Failure? {
        guard words.first == "help", !root.configuration.subcommands.isEmpty else { return nil }
        var command: any ParsableCommand.Type = root
        for word in words.dropFirst() where !word.hasPrefix("-") && word != "help" {
            let commands = command.configuration.subcommands
            guard let next = commands.first(where: { $0._commandName == word }) else {
                let guess = Spelling.nearest(to: word, in: commands.map { $0._commandName })
                return Failure(
                    .usage,
                    "cannot show the help of \(word): there is no such command"
                        + (guess.map { ", did you mean \"\($0)\"?" } ?? ""),
                    hint: "\(Root._commandName) --help")
            }
            command = next
        }
        return nil
    }

    /// The first variable of a flag whose value is no text; nil where there is none.
    static func unreadableVariable(in environment: [String: String] = ProcessEnvironment.current) -> String? {
        environment.filter { $0.key.hasPrefix("CACHE_IMAGE_") && $0.value.hasKeptBytes }.map(\.key).min()
    }

    /// Whether standard input is no terminal: Git feeds its filters by pipes, and gives its hooks /dev/null.
    private static var isInputFed: Bool { isatty(STDIN_FILENO) == 0 }
}
