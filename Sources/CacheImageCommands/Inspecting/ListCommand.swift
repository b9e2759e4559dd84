import ArgumentParser
import CommandSession
import Configuration
import Console
import Context
import ImageCache
import JSON

/// `cache-image list`: what is cached.
struct ListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List what is cached.")

    @OptionGroup var images: ImageOptions
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() async throws {
        let session = try Session(global) { images.apply(to: &$0) }
        var table = Table("IMAGE", "STATE", "KEY", "IMAGE ID", .init("SIZE", isRightAligned: true), "MADE BY", "COMMIT")
        var failure: (any Error)?
        do {
            try await session.forEachImage { image in
                let inspection = try session.cache.inspector.inspect(image)
                let provenance = inspection.recorded?.provenance
                table.append(
                    StyledText(image.name.description), StyledText(inspection.state.rawValue),
                    StyledText(inspection.recorded?.key.short ?? "-"),
                    StyledText(provenance?.imageID.short ?? "-"),
                    StyledText(provenance.map { Quantity.bytes($0.archiveSize) } ?? "-"),
                    StyledText(provenance?.engine ?? "-"),
                    StyledText(provenance?.commit.map { String($0.prefix(10)) } ?? "-"))
                return inspection.listJSON
            }
        } catch {
            failure = error
        }
        if !session.terminal.options.isJSON { session.terminal.table(table) }
        try session.terminal.finish()
        if let failure { throw failure }
    }
}

extension EntryInspection {
    /// An element of `list --json`, and the object of `info --json`.
    var listJSON: JSONValue {
        let provenance = recorded?.provenance
        return [
            "image": .string(image.name.description), "state": .string(state.rawValue),
            "key": .string(inputs.key.hexadecimal),
            "recordedKey": recorded.map { .string($0.key.hexadecimal) } ?? .null,
            "archive": .string(paths.archive.string),
            "steps": provenance?.steps == nil ? .null : .string(paths.steps.string),
            "provenance": provenance?.json ?? .null,
        ]
    }
}
