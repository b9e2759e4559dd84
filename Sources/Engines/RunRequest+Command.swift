import Glibc
import JSON

extension RunRequest {
    /// Whether the command gets a terminal: where it is asked for, and our input and output are one.
    var hasTerminal: Bool {
        usesTerminal && isInteractive && isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1
    }

    /// Whether the caller's own options choose an ENTRYPOINT.
    private var setsEntrypoint: Bool {
        options.contains { $0 == "--entrypoint" || $0.hasPrefix("--entrypoint=") }
    }

    /// The end of the arguments of podman's or docker's `run`: the ENTRYPOINT, the image, and what follows it.
    ///
    /// Both take the first word only as the ENTRYPOINT and drop the image's CMD then. docker takes it as it stands, podman
    /// as JSON where it can be read so.
    func operands(of kind: Engine.Kind) -> [String] {
        let words = (entrypoint ?? []) + command
        guard entrypoint != nil, !setsEntrypoint, let program = words.first else { return [image] + words }
        let option = kind == .docker ? program : JSONValue.strings([program]).text
        return ["--entrypoint", option, image] + words.dropFirst()
    }

    /// The whole command for buildah, which knows of no ENTRYPOINT; that and the CMD are the image's.
    func command(entrypoint own: [String]?, cmd: [String]?) -> [String] {
        if let entrypoint { return entrypoint + command }
        return (own ?? []) + (command.isEmpty ? cmd ?? [] : command)
    }
}
