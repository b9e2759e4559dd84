import JSON
import LFS
import SystemCalls

/// Where the verbs of git-lfs write, line by line: what is handed over is one line, whatever stands in it.
struct VerbConsole: Sendable {
    /// Writes a line to stdout.
    let print: @Sendable (String) -> Void
    /// Writes a line to stderr.
    let complain: @Sendable (String) -> Void
    /// Hears how far a transfer is.
    let progress: (@Sendable (TransferProgress) -> Void)?
    /// Takes the one document of `--json`, where `print` leads to stderr; nil where lines are wanted.
    let document: (@Sendable (JSONValue) -> Void)?

    /// Takes the two writers, and where a document is wanted its reader.
    init(
        print: @escaping @Sendable (String) -> Void, complain: @escaping @Sendable (String) -> Void,
        progress: (@Sendable (TransferProgress) -> Void)? = nil, document: (@Sendable (JSONValue) -> Void)? = nil
    ) {
        let output = document == nil ? print : complain
        self.print = { (line: String) in output(Printable.escaped(line)) }
        self.complain = { (line: String) in complain(Printable.escaped(line)) }
        self.progress = progress
        self.document = document
    }

    /// The same without the lines for stdout, and without a document.
    var withoutOutput: VerbConsole {
        VerbConsole(print: { _ in }, complain: complain, progress: progress)
    }

    /// The same without a document: lines go where they would without one.
    var withoutDocument: VerbConsole {
        VerbConsole(print: print, complain: complain, progress: progress)
    }

    /// Names the variables of `.lfsconfig` that were ignored, and prefixes of URLs that mean several.
    func warn(about configuration: LFSConfiguration) {
        for (variable, alias) in configuration.git.ambiguousAliases {
            complain("warning: Multiple 'url.*.\(variable)' keys with the same alias: \(alias.quotedAsGo)")
        }
        if configuration.ignoredKeys.isEmpty { return }
        complain("warning: These unsafe '.lfsconfig' keys were ignored:")
        complain("")
        for key in configuration.ignoredKeys { complain("  " + key) }
    }

    /// Writes errors; those that concern the server as a whole once, however many objects they keep away.
    func report(_ errors: [LFSError], limit: Int) {
        var shown: Set<String> = []
        let distinct = errors.filter { error in
            [.network, .authentication, .quota].contains(error.kind) ? shown.insert(error.reason).inserted : true
        }
        for error in distinct.prefix(limit) { report(error) }
        let count = min(distinct.count, limit)
        if errors.count > count { complain("… and \(errors.count - count) more") }
    }

    /// Writes an error, and its hint.
    func report(_ error: LFSError) {
        complain(error.description)
        if let hint = error.hint { complain("hint: \(hint)") }
    }
}
