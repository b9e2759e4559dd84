import ArgumentParser
import Console
import JSON
import OSComposer
import OSPackages
import Programs
import SystemCalls
import SystemPackage

/// `image-composer resolve`: the packages that a template comes to now.
struct ResolveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resolve", abstract: "Resolve a template's packages and write its lock file.",
        discussion:
            "With --diff the lock file stays as it is, and what would change is printed; 3 where something would.")

    @Argument(help: ArgumentHelp("The template.", valueName: "template")) var template: String
    @Flag(help: "Print what would change, and write nothing.") var diff = false
    @Flag(help: "Use the indexes of last time.") var offline = false
    @OptionGroup(title: "Options of all commands") var common: ComposerOptions

    func run() async throws {
        let terminal = try common.start()
        let display = BuildDisplay(terminal)
        let composer = Composer(
            configuration: try common.configuration(), environment: ProcessEnvironment.current, tell: display.tell)
        let path = FilePath(template)
        let (lock, lines) = try await reported { [offline] in
            defer { display.finish() }
            return try await composer.difference(path, isOffline: offline)
        }
        let place = LockFile.path(for: path)
        let changes = lines ?? lock.resolution.all.map { "+ \($0.name) \($0.version)" }
        if terminal.options.isJSON {
            terminal.json([
                "lock": .string(place.string), "packages": .integer(Int64(lock.resolution.all.count)),
                "bytes": .integer(lock.resolution.all.map { Size($0.size) }.total { $0 }.bytes),
                "changes": .strings(changes),
            ])
        } else if diff {
            for line in changes { terminal.line(Printable.escaped(line)) }
        } else {
            let bytes = lock.resolution.all.map { Size($0.size) }.total { $0 }
            terminal.line(
                "\(place.string): \(Quantity.count(lock.resolution.all.count, "package")), \(Quantity.bytes(bytes)), "
                    + (lines == nil ? "new" : Quantity.count(changes.count, "change")))
            for line in lines ?? [] { terminal.line("  " + Printable.escaped(line)) }
        }
        if !diff { _ = try reported { try lock.write(place) } }
        try terminal.finish()
        if diff, !changes.isEmpty { throw ArgumentParser.ExitCode(Console.ExitCode.stale.rawValue) }
    }
}
