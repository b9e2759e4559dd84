import ArgumentParser
import CommandSession
import Console
import Engines
import ImageCache
import JSON

/// `cache-image engine`: says which engine is used, and why.
struct EngineCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "engine", abstract: "Show which container engine is used, and why.",
        discussion: """
            Prints ENGINE VERSION PROGRAM, below it the reasons. What was found is remembered until the engine stops \
            answering. The exit code is 12 if none answers.
            """)

    @Flag(help: "Find out again what containers need here, and which networks they can have.") var probe = false
    @Flag(help: "Print only the engine that would have to be installed; nothing if one answers.") var absent = false
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() async throws {
        let session = try Session(global, needsConfiguration: false)
        let terminal = session.terminal
        let answer = try await session.cache.engines.search.run()
        if absent {
            if let engine = answer.absent { terminal.line(engine.name) }
            return try terminal.finish()
        }
        let origin = session.configuration.settings.first { $0.path == "engine" }?.origin
        let engine = answer.finding == nil ? nil : try await session.cache.engines.engine()
        if probe, let engine { try await engine.probe() }
        let containers = try await engine?.knownAbilities ?? []
        if terminal.options.isJSON {
            terminal.json([
                "engine": answer.finding.map { .string($0.dialect.name) } ?? .null,
                "version": answer.finding.map { .string($0.version) } ?? .null,
                "program": answer.finding.map { .string($0.program.string) } ?? .null,
                "socket": answer.finding?.endpoint.map { .string($0) } ?? .null,
                "wanted": .string(answer.wanted?.name ?? "auto"),
                "origin": .string(origin?.description ?? "default"), "remembered": .bool(answer.isRemembered),
                "tried": .array(answer.attempts.map(\.json)),
                "containers": .map(
                    Dictionary(uniqueKeysWithValues: containers.map { ($0.use, .string($0.abilities)) })),
            ])
        } else if let finding = answer.finding {
            terminal.line("\(finding.dialect) \(finding.version) \(finding.program)")
            let source = origin.map { " (\($0))" } ?? ""
            terminal.line(
                answer.wanted == nil
                    ? "  auto\(source): the first that answers of \(Dialect.all.map(\.name).joined(separator: ", "))"
                    : "  \(finding.dialect)\(source): requested, and it answers")
            for attempt in answer.attempts { terminal.line("  \(attempt.dialect): \(attempt.reason)") }
            if let endpoint = finding.endpoint { terminal.line("  socket: \(endpoint)") }
            for (use, abilities) in containers { terminal.line("  \(use): \(abilities)") }
        }
        try terminal.finish()
        if answer.finding == nil { throw answer.error }
    }
}
