import ArgumentParser
import CommandSession
import Console
import JSON

/// `cache-image doctor`: what keeps the cache from working on this machine and in this clone.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Look for what keeps images from being built, cached and shared here.",
        discussion: """
            Prints STATE AREA: TEXT, the state ok, warning or problem, and below it the command that mends it. It works \
            outside of a repository, without a configuration and without an engine. The exit code is 1 if there is a \
            problem; warnings are none (docs/doctor.md).
            """)

    @Flag(help: "Mend what can be mended without harm: filter, hook, attributes, leftovers of killed commands.")
    var fix = false
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() async throws {
        let terminal = try Session.terminal(global, program: "cache-image")
        try Session.changeFolder(global)
        let doctor = Doctor(global.overrides, terminal: terminal)
        var all: [Diagnosis] = []
        for part in Doctor.parts {
            try Task.checkCancellation()
            for var found in await part(doctor) {
                if fix, found.repair != nil { found = await doctor.repaired(found) }
                all.append(found)
                if !terminal.options.isJSON, found.state != .ok || !terminal.options.isQuiet {
                    for line in found.lines { terminal.line(line) }
                }
            }
        }
        if terminal.options.isJSON { terminal.json(.array(all.map(\.json))) }
        try terminal.finish()
        if all.contains(where: { $0.state == .problem }) {
            throw ArgumentParser.ExitCode(Console.ExitCode.failed.rawValue)
        }
    }
}
