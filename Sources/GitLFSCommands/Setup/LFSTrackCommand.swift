import ArgumentParser
import CommandSession
import LFS

/// `cache-image lfs track`: lines of `.gitattributes` that put files under LFS.
struct LFSTrackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "track", abstract: "Put files under LFS, or list what is.")

    @Argument(help: "Patterns, as in .gitattributes.") var patterns: [String] = []
    @Flag(name: [.customLong("filename")], help: "Take the arguments as names, not as patterns.") var filename = false
    @Flag(name: .shortAndLong, help: "Mark the files as lockable.") var lockable = false
    @Flag(name: .customLong("not-lockable"), help: "Take the lockable mark away.") var notLockable = false
    @Flag(name: .customLong("no-excluded"), help: "List tracked patterns only.") var noExcluded = false
    @Flag(name: .customLong("no-modify-attrs"), help: "Leave .gitattributes alone; make files look modified.")
    var noModifyAttributes = false
    @Flag(name: [.customShort("d"), .customLong("dry-run")], help: "Say what would be done.") var dryRun = false
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() async throws {
        try await LFSSession.run(global) { session in
            let console = try session.console("")
            guard let folder = session.workFolder else { return session.refuseWithoutWorkTree() }
            if patterns.isEmpty {
                let all = try await TrackedPattern.all(of: session.repository)
                if global.json {
                    PlainOutput.print(TrackedPattern.document(all))
                } else {
                    for line in TrackedPattern.list(all, showsExcluded: !noExcluded) { PlainOutput.print(line) }
                }
                if !dryRun { try session.installMissingHooks() }
                return 0
            }
            var verb = TrackVerb(session.repository, in: folder, console)
            verb.takesNames = filename
            verb.isLockable = lockable ? true : notLockable ? false : nil
            verb.isDryRun = dryRun
            verb.isVerbose = global.verbose > 0
            verb.leavesAttributes = noModifyAttributes
            let status = try await verb.track(patterns)
            if !dryRun { try session.installMissingHooks() }
            return status
        }
    }
}

/// `cache-image lfs untrack`: takes lines out again.
struct LFSUntrackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "untrack", abstract: "Take files out of LFS.")

    @Argument(help: "Patterns, as in .gitattributes.") var patterns: [String] = []
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() async throws {
        try await LFSSession.run(global) { session in
            try TrackVerb(session.repository, in: session.workFolder ?? session.folder, session.console(""))
                .untrack(patterns)
        }
    }
}
