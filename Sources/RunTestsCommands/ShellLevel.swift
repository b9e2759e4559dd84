import Configuration
import Console

/// A shell in the place of a level's command.
enum ShellLevel {
    /// bash where the image has it, else sh.
    private static let script = #"if command -v bash >/dev/null 2>&1; then exec bash "$@"; fi; exec sh "$@""#

    /// The level with a shell as its command: mounts, variables, user and folder stay.
    ///
    /// What follows the command, as with a level, are arguments of the shell.
    static func of(_ level: TestLevel) throws(Failure) -> TestLevel {
        if level.place == .host {
            throw Failure(
                .usage, "cannot open a shell in level \(level.name): it runs on the host",
                hint: "name a level that runs in a container")
        }
        var shell = level
        shell.entrypoint = []
        shell.command = ["sh", "-c", script, "sh"]
        (shell.usesTerminal, shell.isInteractive, shell.timeout) = (true, true, nil)
        return shell
    }

    /// The level that is meant where none is named: the first that runs in a container and has no mistake.
    static func first(of levels: [TestLevel]) throws(Failure) -> TestLevel {
        if let level = levels.first(where: { $0.place == .container && $0.mistake == nil }) { return level }
        throw Failure(
            .usage, "cannot open a shell: no level runs in a container",
            hint: "write one under tests: levels: in cache-image.yml")
    }
}
