import ArgumentParser
import CommandSession
import Console
import ImageCache
import JSON
import SystemCalls

/// `cache-image clean`: removes what is no longer needed on this machine.
struct CleanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clean", abstract: "Remove older versions, and what killed commands left, from this machine.",
        discussion: """
            The limits are those of storage.image_cache in cache-image.yml. What a checkout, a local branch, a tag, a \
            stash or a commit that is not pushed needs stays, and so does what no remote has (docs/retention.md).
            """)

    @Flag(name: .customLong("dry-run"), help: "Only print what would be removed.") var dryRun = false
    @Flag(
        name: .customLong("engine-images"),
        help: """
            Remove images of older keys from the engine, too, and those that rebuilds brought in for their steps: what \
            this clone built or loaded, unless it has a name of somebody else or a container.
            """
    )
    var engineImages = false
    @Flag(
        help: """
            Only print what versions take; exit with 1 from warn_size_gb on, with 2 from critical_size_gb on, with 3 if \
            that cannot be told.
            """)
    var limits = false
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() async throws {
        if limits {
            if dryRun || engineImages {
                throw Failure(.usage, "cannot use --limits with another flag: it removes nothing")
            }
            return try await LimitsReport.run(global)
        }
        let session = try Session(global, needsConfiguration: false)
        let terminal = session.terminal
        // All that may be in the way is asked for before anything is removed.
        if session.cache.repository == nil, session.configuration.file == nil {
            throw CacheError.needsRepository(verb: "clean", folder: session.cache.folder)
        }
        if engineImages { _ = try await session.cache.engineCleaner.clean(dryRun: true) }
        let cleaned = try await session.cache.retention.clean(dryRun: dryRun)
        var removed = Removals(terminal, dryRun: dryRun)
        for path in cleaned.leftovers { removed.add("file", path.string, why: "its command has ended") }
        for item in cleaned.removed { removed.add(item.version, why: item.reason.text) }
        if engineImages {
            let steps = session.cache.loadedSteps
            for id in try await dryRun ? steps.list() : steps.remove() {
                removed.add("image", id.hexadecimal, why: "a rebuild brought it in for its steps")
            }
            for image in try await session.cache.engineCleaner.clean(dryRun: dryRun) {
                removed.add("image", image.id, why: image.reason)
            }
        }
        removed.finish(cleaned)
        for failure in cleaned.failures {
            let failure = Failure(describing: failure)
            terminal.report(failure)
            session.noteStatus(failure.code)
        }
        try terminal.finish()
        try session.end()
    }
}

/// Shows what `clean` removes, as it is found.
private struct Removals {
    private let terminal: Terminal
    private let dryRun: Bool
    private var elements: [JSONValue] = []
    private var total: Size = 0

    init(_ terminal: Terminal, dryRun: Bool) {
        self.terminal = terminal
        self.dryRun = dryRun
    }

    mutating func add(_ version: ImageVersion, why: String) {
        let path = version.path.percentEncoded
        show("version \(path) \(version.pointer.oid.short) \(Quantity.bytes(version.pointer.size)): \(why)")
        elements.append([
            "what": "version", "path": .string(path), "oid": .string(version.pointer.oid.hexadecimal),
            "size": .integer(version.pointer.size.bytes), "why": .string(why),
        ])
        total = total + version.pointer.size
    }

    mutating func add(_ what: String, _ name: String, why: String) {
        show("\(what) \(what == "image" ? String(name.prefix(12)) : name): \(why)")
        elements.append(["what": .string(what), "name": .string(name), "why": .string(why)])
    }

    private func show(_ line: String) {
        if !terminal.options.isJSON { terminal.line("\(dryRun ? "would remove" : "removed") \(line)") }
    }

    func finish(_ cleaned: Retention.Cleaned) {
        let kept = cleaned.plan?.kept ?? []
        for item in kept {
            terminal.detail(
                "kept \(item.version.path.percentEncoded) \(item.version.pointer.oid.short) "
                    + "\(Quantity.bytes(item.version.pointer.size)): \(item.reason.text)")
        }
        let verb = dryRun ? "would be removed" : "removed"
        terminal.note(
            "\(Quantity.count(elements.count, "item")) \(verb) (\(Quantity.bytes(total))), "
                + "\(Quantity.count(kept.count, "version")) kept (\(Quantity.bytes(cleaned.plan?.keptSize ?? 0)))")
        guard terminal.options.isJSON else { return }
        let keptElements = kept.map { item -> JSONValue in
            [
                "path": .string(item.version.path.percentEncoded),
                "oid": .string(item.version.pointer.oid.hexadecimal),
                "size": .integer(item.version.pointer.size.bytes), "why": .string(item.reason.text),
            ]
        }
        terminal.json(["removed": .array(elements), "kept": .array(keptElements), "dryRun": .bool(dryRun)])
    }
}
