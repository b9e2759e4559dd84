import ArgumentParser
import CommandSession
import LFS

/// Which file of Git's configuration `lfs install` and `lfs uninstall` change.
struct LFSScopeOptions: ParsableArguments {
    @Flag(help: "Only this repository is changed.") var local = false
    @Flag(help: "Only this work tree is changed.") var worktree = false
    @Flag(help: "The system's configuration is changed.") var system = false
    @Option(parsing: .unconditional, help: ArgumentHelp("This file is changed.", valueName: "file")) var file: String?
    @Flag(name: .customLong("skip-repo"), help: "Leave hooks alone.") var skipRepo = false

    /// The scope; nil where none is named.
    ///
    /// More than one is an error, in git-lfs's words.
    func scope() throws -> ConfigurationScope? {
        let chosen: [(String, ConfigurationScope)?] = [
            local ? ("--local", .local) : nil, worktree ? ("--worktree", .worktree) : nil,
            system ? ("--system", .system) : nil, file.map { ("--file", .file($0)) },
        ]
        let given = chosen.compactMap { $0 }
        if given.count > 1 {
            PlainOutput.say("Only one of \(given[0].0) and \(given[1].0) options can be specified.\n")
            throw ExitCode(2)
        }
        return given.first?.1
    }
}

/// `cache-image lfs install`: filters and hooks.
struct LFSInstallCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "install",
        abstract: "Set the LFS filters of this repository, unless others work, and its pre-push hook.",
        discussion: """
            Where the git-lfs of PATH is this program, the user's configuration is changed, and all of git-lfs's hooks \
            are installed, as git-lfs does.
            """)

    @Flag(name: .shortAndLong, help: "Set the filters even where others are configured.") var force = false
    @OptionGroup var scope: LFSScopeOptions
    @Flag(
        name: [.customShort("s"), .customLong("skip-smudge")], help: "Check pointers out; content comes when asked for."
    )
    var skipSmudge = false
    @Flag(name: .shortAndLong, help: "Show the hooks instead of installing them.") var manual = false
    @Flag(name: .customLong("on-demand"), help: "Keep other clients from fetching images by themselves (.lfsconfig).")
    var onDemand = false
    @Option(parsing: .unconditional, help: ArgumentHelp("The files that --on-demand is about.", valueName: "pattern"))
    var pattern: String?
    @Argument(help: .hidden) var others: [String] = []
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() async throws {
        let chosen = try scope.scope()
        try await LFSPlace.run(global) { place in
            var verb = try place.installVerb(scope: chosen)
            verb.force = force
            verb.skipsSmudge = skipSmudge
            verb.skipsHooks = scope.skipRepo
            verb.isManual = manual
            if onDemand, let session = place.session {
                verb.onDemand = try pattern ?? "\(session.cacheFolder(isVital: true))/*.tar"
            }
            return try await verb.install(place.session?.repository, in: place.folder)
        }
    }
}

/// `cache-image lfs uninstall`: takes back what install did.
struct LFSUninstallCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "uninstall", abstract: "Remove the LFS filters and the hooks that install set.")

    @OptionGroup var scope: LFSScopeOptions
    @Argument(help: "`hooks`: leave the configuration as it is.") var parts: [String] = []
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() async throws {
        let chosen = try scope.scope()
        try await LFSPlace.run(global) { place in
            var verb = try place.installVerb(scope: chosen)
            verb.skipsHooks = scope.skipRepo
            return try await verb.uninstall(
                place.session?.repository, in: place.folder, onlyHooks: parts.first == "hooks")
        }
    }
}

/// `cache-image lfs update`: installs hooks only.
struct LFSUpdateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "update", abstract: "Install the LFS hooks.")

    @Flag(name: .shortAndLong, help: "Replace hooks of somebody else.") var force = false
    @Flag(name: .shortAndLong, help: "Show the hooks instead of installing them.") var manual = false
    @Argument(help: .hidden) var others: [String] = []
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() async throws {
        try await LFSPlace.run(global) { place in
            var verb = try place.installVerb(scope: nil)
            verb.force = force
            verb.isManual = manual
            return try verb.update(place.session?.repository)
        }
    }
}
