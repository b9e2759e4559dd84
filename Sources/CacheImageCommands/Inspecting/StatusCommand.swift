import ArgumentParser
import CommandSession
import Configuration
import Console
import ImageCache
import JSON

/// `cache-image status`: says how entries stand, and changes nothing.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show whether entries are missing, corrupt, stale, pointer or fresh, and why.")

    @OptionGroup var images: ImageOptions
    @Flag(
        name: .customLong("exit-code"), help: "Exit with 3 if an entry is stale or missing, with 4 if one is corrupt.")
    var exitCode = false
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() async throws {
        let session = try Session(global) { images.apply(to: &$0) }
        try await Self.show(in: session, exitCode: exitCode)
    }

    /// Shows the states of the selected images; with `exitCode` the first that is not fresh decides the status.
    static func show(in session: Session, exitCode: Bool) async throws {
        try await session.forEachImage { image in
            let inspection = try session.cache.inspector.inspect(image)
            if exitCode, image.isCached { session.noteStatus(inspection.state.exitCode) }
            if !session.terminal.options.isJSON {
                let key = inspection.inputs.key.short
                session.terminal.line("\(inspection.state.rawValue) \(image.name) \(key)")
                let isComplete = session.terminal.options.verbosity > 0
                for line in ReasonList.lines(inspection.reasons, isComplete: isComplete) {
                    session.terminal.line("  " + line)
                }
            }
            return inspection.json
        }
    }
}

extension EntryState {
    /// The status that stands for it; nil for an entry that can be used.
    var exitCode: Console.ExitCode? {
        switch self {
        case .missing, .stale: .stale
        case .corrupt: .corrupt
        case .pointer, .fresh: nil
        }
    }
}

extension EntryInspection {
    /// The element of the document that `--json` asks for.
    var json: JSONValue {
        [
            "image": .string(image.name.description), "state": .string(state.rawValue),
            "key": .string(inputs.key.hexadecimal),
            "recordedKey": recorded.map { .string($0.key.hexadecimal) } ?? .null,
            "reasons": ReasonList.json(reasons), "marks": .array(inputs.marks.map(\.json)),
        ]
    }
}
