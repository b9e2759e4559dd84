import Glibc
import Programs

extension RunRequest {
    /// Whether the command gets a terminal: where it is asked for, and our input and output are one.
    var hasTerminal: Bool {
        usesTerminal && isInteractive && isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1
    }

    /// Whether the caller's own options choose an ENTRYPOINT.
    private var setsEntrypoint: Bool {
        EngineOptionWords(options).value(of: "--entrypoint") != nil
    }

    /// The end of the arguments of podman's or docker's `run`: the ENTRYPOINT, the image, and what follows it.
    ///
    /// Both take the first word only as the ENTRYPOINT and drop the image's CMD then.
    ///
    /// - Parameter written: the form in which the engine takes that word.
    func operands(entrypoint written: (String) -> String) -> [String] {
        let words = (entrypoint ?? []) + command
        guard entrypoint != nil, !setsEntrypoint, let program = words.first else { return [image] + words }
        return ["--entrypoint", written(program), image] + words.dropFirst()
    }

    /// The whole command for an engine that knows of no ENTRYPOINT; that and the CMD are the image's.
    func command(entrypoint own: [String]?, cmd: [String]?) -> [String] {
        if let entrypoint { return entrypoint + command }
        return (own ?? []) + (command.isEmpty ? cmd ?? [] : command)
    }
}
