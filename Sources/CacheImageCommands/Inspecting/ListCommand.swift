import ArgumentParser
import CommandSession
import Configuration
import Console
import Context
import ImageCache
import JSON

/// `cache-image list`: what is cached.
struct ListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List what is cached.",
        discussion: """
            LFS says whether the object is in this clone, and whether others can have it: pushed, not pushed, or \
            pushed? where a remote's branch leads to it and nothing says that the server has it. SAVED is the time of \
            builds that were not needed.
            """)

    @OptionGroup var images: ImageOptions
    @OptionGroup var engine: EngineStateOptions
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() async throws {
        let session = try Session(global) { images.apply(to: &$0) }
        var columns: [Table.Column] = [
            "IMAGE", "STATE", "KEY", "IMAGE ID", .init("SIZE", isRightAligned: true),
            .init("AGE", isRightAligned: true),
            .init("USED", isRightAligned: true), .init("SAVED", isRightAligned: true), "LFS", "BRANCHES", "MADE BY",
            "COMMIT",
        ]
        if engine.isWanted { columns.append("ENGINE") }
        var table = Table(columns)
        let reader = try session.cache.entryFacts
        var failure: (any Error)?
        do {
            try await session.forEachImage { image in
                let inspection = try session.cache.inspector.inspect(image)
                let facts = await reader.facts(about: inspection)
                let state = try await engine.state(of: inspection, in: session.cache)
                var cells = Self.cells(inspection, facts)
                if let state { cells.append(state.rawValue) }
                table.append(cells.map { StyledText($0) })
                return inspection.json(with: facts, engine: state)
            }
        } catch {
            failure = error
        }
        if !session.terminal.options.isJSON { session.terminal.table(table) }
        try session.terminal.finish()
        if let failure { throw failure }
    }

    private static func cells(_ inspection: EntryInspection, _ facts: EntryFacts) -> [String] {
        let provenance = inspection.recorded?.provenance
        return [
            inspection.image.name.description, inspection.state.rawValue, inspection.recorded?.key.short ?? "-",
            provenance?.imageID.short ?? "-", provenance.map { Quantity.bytes($0.archiveSize) } ?? "-",
            facts.age(of: \.made), facts.age(of: \.use.last), facts.savedText, provenance == nil ? "-" : facts.lfsText,
            facts.branchesText, provenance?.engine ?? "-", provenance?.commit.map { String($0.prefix(10)) } ?? "-",
        ]
    }
}

/// The flag that has the engine asked.
struct EngineStateOptions: ParsableArguments {
    @Flag(
        name: .customLong("engine-state"),
        help: "Ask the engine whether it has the image: present, other (the name is another image's) or absent.")
    var isWanted = false

    /// How the engine stands to an entry; nil where that is not asked for.
    func state(of inspection: EntryInspection, in cache: CacheWorkspace) async throws -> EngineImages.Presence? {
        isWanted ? try await cache.images.presence(of: inspection) : nil
    }
}
