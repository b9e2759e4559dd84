import ArgumentParser
import LFS

/// `cache-image lfs install`: filters and hook of this repository.
struct LFSInstallCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "install",
        abstract: "Set the LFS filters of this repository, unless others work, and its pre-push hook.")

    @Flag(help: "Set the filters even where others are configured.") var force = false
    @Flag(help: "The default: only this repository is changed.") var local = false
    @Flag(name: .customLong("skip-smudge"), help: "Check pointers out; content comes when asked for.")
    var skipSmudge = false
    @Flag(name: .customLong("skip-repo"), help: "Leave hooks alone.") var skipRepo = false
    @Flag(name: .customLong("on-demand"), help: "Keep other clients from fetching images by themselves (.lfsconfig).")
    var onDemand = false
    @Option(help: ArgumentHelp("The files that --on-demand is about.", valueName: "pattern"))
    var pattern = "docker-cache/*.tar"
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() async throws {
        try await LFSSession.run(global) { session in
            let verb = InstallVerb(
                session.repository, program: session.program, print: LFSSession.print,
                warn: { LFSSession.say($0 + "\n") })
            return try verb.install(
                force: force, skipsSmudge: skipSmudge, skipsHook: skipRepo, onDemand: onDemand ? pattern : nil)
        }
    }
}

/// `cache-image lfs uninstall`: takes back what install did.
struct LFSUninstallCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "uninstall", abstract: "Remove the LFS filters and the hook that install set.")

    @Flag(help: "The default: only this repository is changed.") var local = false
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() async throws {
        try await LFSSession.run(global) { session in
            let verb = InstallVerb(
                session.repository, program: session.program, print: LFSSession.print,
                warn: { LFSSession.say($0 + "\n") })
            try verb.uninstall()
            return 0
        }
    }
}
