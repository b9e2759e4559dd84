import ArgumentParser

/// How `cache-image lfs` reads a command line as git-lfs does, and what it says to one that it cannot read.
enum LFSUsage {
    /// The verbs of git-lfs that this program does not have.
    private static let absent: Set = [
        "clone", "completion", "dedup", "migrate", "standalone-file",
    ]

    /// The words as this program's parser takes them: `help VERB`, and `-j` for `--json`.
    static func normalised(_ words: [String]) -> [String] {
        guard words.first == LFSCommand._commandName, words.count > 1 else { return words }
        if words[1] == "help" { return words[..<1] + words.dropFirst(2).prefix(1) + ["--help"] }
        let end = words.firstIndex(of: "--") ?? words.endIndex
        return words[..<end].map { $0 == "-j" ? "--json" : $0 } + words[end...]
    }

    /// The lines for stderr and the status, in git-lfs's words; nil where the command line is not one of `lfs`.
    static func complaint(about words: [String], _ message: String) -> (lines: [String], status: Int32)? {
        guard words.first == LFSCommand._commandName else { return nil }
        let verbs = LFSCommand.configuration.subcommands.map { $0._commandName }
        if words.count > 1, !words[1].hasPrefix("-"), !verbs.contains(words[1]) {
            if absent.contains(words[1]) {
                return (
                    [
                        "cache-image: cannot run lfs \(words[1]): this program has no such verb",
                        "hint: git-lfs has it; both work on one repository",
                    ], 2
                )
            }
            return (
                ["Error: unknown command \"\(words[1])\" for \"git-lfs\"", "Run 'git-lfs --help' for usage."], 127
            )
        }
        if let name = quoted(after: "Unknown option '", message) { return (["Error: unknown flag: \(name)"], 127) }
        if let name = quoted(after: "Missing value for '", message) {
            return (["Error: flag needs an argument: \(name.prefix { $0 != " " })"], 127)
        }
        return (["Error: \(message)"], 127)
    }

    private static func quoted(after prefix: String, _ message: String) -> String? {
        guard message.hasPrefix(prefix) else { return nil }
        return String(message.dropFirst(prefix.count).prefix { $0 != "'" })
    }
}
