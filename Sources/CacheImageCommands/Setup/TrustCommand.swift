import ArgumentParser
import CommandSession
import Configuration
import Console
import ImageCache
import JSON

/// `cache-image trust`: what the configuration may do on this machine.
struct TrustCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trust", abstract: "Trust what the configuration of this clone asks of this machine.",
        discussion: """
            Prints what is trusted by it, with the line of the file. Values that change later are asked about again. \
            docs/security.md lists what needs trust.
            """)

    @Flag(help: "Only list what needs trust, and its state: trusted, changed or new.") var list = false
    @Flag(help: "Forget all trust in this clone.") var revoke = false
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() async throws {
        let session = try Session(global)
        let gate = session.cache.trust
        if list, revoke { throw Failure(.usage, "cannot use --list with --revoke: one only shows, the other forgets") }
        if revoke {
            try gate.revoke()
            if session.terminal.options.isJSON {
                session.terminal.json(["revoked": .string(gate.folder.string)])
            } else {
                session.terminal.line("revoked \(gate.folder)")
            }
            return try session.terminal.finish()
        }
        let questions = try session.cache.questions
        let open = gate.open(questions)
        if !list { gate.remember(open.map(\.question)) }
        var elements: [JSONValue] = []
        for question in questions {
            let unanswered = open.first { $0.question == question }
            let state = unanswered.map { !list ? "trusted" : $0.earlier == nil ? "new" : "changed" } ?? "trusted"
            if session.terminal.options.isJSON {
                elements.append([
                    "subject": .string(question.subject), "state": .string(state),
                    "reasons": .strings(question.reasons), "values": .strings(question.values),
                ])
            } else {
                session.terminal.line("\(state) \(question.subject)")
                let shown = unanswered.map(TrustDialogue.lines) ?? question.reasons
                for line in shown { session.terminal.line("  " + line) }
            }
        }
        if session.terminal.options.isJSON { session.terminal.json(.array(elements)) }
        try session.terminal.finish()
    }
}
