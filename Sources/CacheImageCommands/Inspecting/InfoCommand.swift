import ArgumentParser
import CommandSession
import Console
import Context
import ImageCache
import JSON

/// `cache-image info`: one entry in full.
struct InfoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "info", abstract: "Show one entry in full.")

    @Argument(help: "NAME or NAME:TAG.") var image: String
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() async throws {
        let session = try Session(global) { $0.images = [image] }
        let terminal = session.terminal
        guard let declaration = session.configuration.selected.first else { return }
        let inspection = try session.cache.inspector.inspect(declaration)
        if terminal.options.isJSON {
            terminal.json(inspection.listJSON)
        } else {
            for line in Self.lines(inspection) { terminal.line(line) }
        }
        try terminal.finish()
    }

    private static func lines(_ inspection: EntryInspection) -> [String] {
        var lines = [
            "image     \(inspection.image.name)", "state     \(inspection.state.rawValue)",
            "key       \(inspection.inputs.key.hexadecimal)", "archive   \(inspection.paths.archive)",
        ]
        if let recorded = inspection.recorded {
            if recorded.key != inspection.inputs.key { lines.append("recorded  \(recorded.key.hexadecimal)") }
            for mark in recorded.marks { lines.append("mark      \(mark.kind.rawValue): \(mark.reason)") }
        }
        if let provenance = inspection.recorded?.provenance {
            lines.append("image id  \(provenance.imageID)")
            lines.append("size      \(provenance.archiveSize) (\(Quantity.bytes(provenance.archiveSize)))")
            lines.append("sha256    \(provenance.archiveDigest.hexadecimal)")
            lines.append("origin    \(provenance.origin.rawValue)" + (provenance.engine.map { " by \($0)" } ?? ""))
            if let seconds = provenance.buildSeconds { lines.append("built in  \(Quantity.decimals(seconds, 1)) s") }
            if let commit = provenance.commit { lines.append("commit    \(commit)") }
            if let steps = provenance.steps {
                let count = Quantity.count(steps.images.count, "image")
                lines.append("steps     \(count) by \(steps.engine), \(Quantity.bytes(steps.archiveSize))")
            }
            for layer in provenance.layers { lines.append("layer     \(layer.digest) \(Quantity.bytes(layer.size))") }
        }
        for reason in inspection.reasons { lines.append("reason    \(reason)") }
        return lines
    }
}
