import ArgumentParser
import CommandSession
import Console
import FoundationEssentials
import ImageCache
import JSON

/// `cache-image history`: the versions of an entry in Git's history.
struct HistoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "List the versions of an image in Git's history, newest first.",
        discussion: "cache-image load IMAGE --rev COMMIT puts one of them into the engine.")

    @Argument(help: "NAME or NAME:TAG.") var image: String
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() async throws {
        let session = try Session(global) { $0.images = [image] }
        let terminal = session.terminal
        guard let declaration = session.configuration.selected.first else { return }
        let versions = try session.cache.history.versions(of: declaration)
        if terminal.options.isJSON {
            terminal.json(.array(versions.map(\.json)))
        } else {
            var table = Table(
                "COMMIT", "DATE", "AUTHOR", "KEY", .init("SIZE", isRightAligned: true), "OBJECT", "WHY")
            for version in versions {
                let more = version.reasons.count > 1 ? " and \(version.reasons.count - 1) more" : ""
                table.append(
                    StyledText(version.commit.id.short), StyledText(version.date),
                    StyledText(version.commit.author), StyledText(version.record.key.short),
                    StyledText(version.pointer.map { Quantity.bytes($0.size) } ?? "-"),
                    StyledText(version.isLocal ? "local" : "-"),
                    StyledText(version.reasons.first.map { "\($0)\(more)" } ?? version.commit.subject))
            }
            terminal.table(table)
        }
        try terminal.finish()
    }
}

extension EntryVersion {
    /// The author's date, ISO 8601 in UTC.
    var date: String {
        Date(timeIntervalSince1970: Double(commit.authored)).formatted(.iso8601)
    }

    /// An element of `history --json`.
    var json: JSONValue {
        [
            "commit": .string(commit.id.hexadecimal), "author": .string(commit.author), "date": .string(date),
            "subject": .string(commit.subject), "key": .string(record.key.hexadecimal),
            "imageID": record.provenance.map { .string($0.imageID.description) } ?? .null,
            "oid": pointer.map { .string($0.oid.hexadecimal) } ?? .null,
            "size": pointer.map { .integer($0.size.bytes) } ?? .null, "local": .bool(isLocal),
            "reasons": ReasonList.json(reasons),
        ]
    }
}
