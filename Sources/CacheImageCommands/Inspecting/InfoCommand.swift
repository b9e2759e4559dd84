import ArgumentParser
import CommandSession
import Console
import Context
import ImageCache
import JSON
import Records
import SystemCalls

/// `cache-image info`: entries in full.
struct InfoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info", abstract: "Show entries in full, with the layers of their images.",
        discussion: """
            A layer is told with its size, the number of its files, the other images that have it, and what made it. \
            Files and makers are known where the archive is in this clone.
            """)

    @OptionGroup var images: ImageOptions
    @OptionGroup var engine: EngineStateOptions
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() async throws {
        let session = try Session(global) { images.apply(to: &$0) }
        let terminal = session.terminal
        let reader = try session.cache.entryFacts
        let isOnly = session.configuration.selected.count == 1
        var isFirst = true
        try await session.forEachImage(isList: !isOnly) { image in
            let inspection = try session.cache.inspector.inspect(image)
            let facts = await reader.facts(about: inspection)
            let state = try await engine.state(of: inspection, in: session.cache)
            let layers = try session.cache.layers(of: inspection)
            if !terminal.options.isJSON {
                if !isFirst { terminal.line("") }
                isFirst = false
                for line in Self.lines(inspection, facts, state, layers) { terminal.line(line) }
            }
            guard case .object(let members) = inspection.json(with: facts, engine: state) else { return .null }
            return .object(members + [.init("layers", .array(layers.map(\.json)))])
        }
    }

    private static func lines(
        _ inspection: EntryInspection, _ facts: EntryFacts, _ engine: EngineImages.Presence?, _ layers: [EntryLayer]
    ) -> [String] {
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
            if let made = facts.made { lines.append("made      \(Quantity.time(made)) (\(facts.age(of: \.made)) ago)") }
            lines.append("lfs       \(facts.lfsText)")
            if !facts.branches.isEmpty { lines.append("branches  \(facts.branches.joined(separator: " "))") }
            if let steps = provenance.steps {
                let count = Quantity.count(steps.images.count, "image")
                lines.append("steps     \(count) by \(steps.engine), \(Quantity.bytes(steps.archiveSize))")
            }
        }
        if let last = facts.use.last {
            lines.append("used      \(Quantity.time(last)) (\(facts.age(of: \.use.last)) ago)")
        }
        if facts.use.savedSeconds != nil {
            lines.append("saved     \(facts.savedText) in \(Quantity.count(facts.use.savedBuilds, "build"))")
        }
        if let engine { lines.append("engine    \(engine.rawValue)") }
        lines += layers.map(\.line)
        for reason in inspection.reasons { lines.append("reason    \(reason)") }
        return lines
    }
}

extension EntryLayer {
    /// `layer DIGEST SIZE, N files, also in NAME: COMMAND`.
    fileprivate var line: String {
        var line = "layer     \(layer.digest) \(Quantity.bytes(layer.size))"
        if let files { line += ", \(Quantity.count(files, "file"))" }
        if !others.isEmpty { line += ", also in \(others.joined(separator: " "))" }
        if let createdBy, !createdBy.isEmpty { line += ": \(Self.shortened(createdBy))" }
        return line
    }

    /// One line of at most 120 characters.
    private static func shortened(_ text: String) -> String {
        let line = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return line.count > 120 ? line.prefix(119) + "…" : line
    }

    /// An element of `layers` of `info --json`.
    fileprivate var json: JSONValue {
        [
            "digest": .string(layer.digest.description), "size": .integer(layer.size.bytes),
            "files": files.map { .integer(Int64($0)) } ?? .null,
            "createdBy": createdBy.map { .string($0) } ?? .null, "sharedWith": .strings(others),
        ]
    }
}
