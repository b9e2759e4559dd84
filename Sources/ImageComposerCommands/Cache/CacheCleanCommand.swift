import ArgumentParser
import Console
import JSON
import OSComposer
import SystemCalls

/// `image-composer cache clean`: removes what is kept for later builds.
struct CacheCleanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clean", abstract: "Remove packages, images or workspaces that are kept for later builds.",
        discussion: "Only files that the caches know are removed. What a build uses at the moment stays.")

    @Flag(help: "Remove cached packages.") var packages = false
    @Flag(help: "Remove finished images.") var images = false
    @Flag(help: "Remove trees and outputs.") var workspace = false
    @Flag(help: "Remove all of these.") var all = false
    @Option(name: .customLong("provider-id"), parsing: .unconditional, help: "Only this provider.") var provider:
        String?
    @Flag(name: .customLong("dry-run"), help: "Only print what would be removed.") var dryRun = false
    @OptionGroup(title: "Options of all commands") var common: ComposerOptions

    func run() async throws {
        var choice: CleaningChoice = []
        if packages || all { choice.insert(.packages) }
        if images || all { choice.insert(.images) }
        if workspace || all { choice.insert(.workspace) }
        if choice.isEmpty {
            throw Failure(
                .usage, "cannot clean the caches: nothing is named",
                hint: "give --packages, --images, --workspace or --all")
        }
        let terminal = try common.start()
        let composer = try common.composer(terminal)
        let removed = try await reported { [choice] in
            try await composer.clean(choice, provider: provider, dryRun: dryRun)
        }
        let bytes = removed.map { Size($0.bytes) }.total { $0 }
        if terminal.options.isJSON {
            terminal.json([
                "dryRun": .bool(dryRun), "bytes": .integer(bytes.bytes),
                "removed": .array(
                    removed.map {
                        ["kind": .string($0.kind), "name": .string($0.name), "bytes": .integer($0.bytes)]
                    }),
            ])
        } else {
            for one in removed {
                terminal.line(
                    "\(dryRun ? "would remove" : "removed") \(one.kind) \(Printable.escaped(one.name)) (\(Quantity.bytes(Size(one.bytes))))"
                )
            }
            terminal.line("\(Quantity.bytes(bytes)) \(dryRun ? "would be" : "were") freed")
        }
        try terminal.finish()
    }
}
