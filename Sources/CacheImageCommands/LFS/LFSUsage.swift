import ArgumentParser

/// What `cache-image lfs` says to a command line that it cannot read, in git-lfs's words and with its status.
enum LFSUsage {
    /// The status of a verb or flag that does not exist.
    static let status: Int32 = 127

    /// The lines for stderr; nil where the command line is not one of `lfs`.
    static func complaint(about words: [String], _ message: String) -> [String]? {
        guard words.first == LFSCommand._commandName else { return nil }
        let verbs = LFSCommand.configuration.subcommands.map { $0._commandName }
        if words.count > 1, !words[1].hasPrefix("-"), !verbs.contains(words[1]) {
            return ["Error: unknown command \"\(words[1])\" for \"git-lfs\"", "Run 'git-lfs --help' for usage."]
        }
        let unknown = "Unknown option '"
        if message.hasPrefix(unknown) {
            return ["Error: unknown flag: \(message.dropFirst(unknown.count).prefix { $0 != "'" })"]
        }
        return ["Error: \(message)"]
    }
}
