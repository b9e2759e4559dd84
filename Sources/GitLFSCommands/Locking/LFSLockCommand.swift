import ArgumentParser
import CommandSession
import JSON
import LFS
import SystemCalls

/// `cache-image lfs lock`: locks files at the server, so that nobody else pushes changes of them.
struct LFSLockCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lock", abstract: "Lock files at the server, and make them writable.")

    @Argument(help: "The files.") var paths: [String] = []
    @Option(name: .shortAndLong, parsing: .unconditional, help: "The remote.") var remote: String?
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() async throws {
        try await LFSSession.run(global) { session in
            var verb = try LockVerb(session.repository, in: session.folder, remote: remote, session.console(""))
            try await verb.lock(paths)
            if global.json { PlainOutput.printLine(.array(verb.document)) }
            return verb.status
        }
    }
}

/// `cache-image lfs unlock`: gives locks back.
struct LFSUnlockCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unlock", abstract: "Give locks back, and make lockable files read-only.")

    @Argument(help: "The files.") var paths: [String] = []
    @Option(name: .shortAndLong, parsing: .unconditional, help: "The remote.") var remote: String?
    @Option(name: .shortAndLong, parsing: .unconditional, help: "The lock's name at the server, in place of files.")
    var id: String?
    @Flag(name: .shortAndLong, help: "Break the locks of others, and pass over changes.") var force = false
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() async throws {
        try await LFSSession.run(global) { session in
            if paths.isEmpty == (id ?? "").isEmpty {
                PlainOutput.say("Exactly one of --id or a set of paths must be provided\n")
                return 2
            }
            var verb = try LockVerb(session.repository, in: session.folder, remote: remote, session.console(""))
            if let id, !id.isEmpty {
                try await verb.unlock(id: id, force: force)
            } else {
                try await verb.unlock(paths, force: force)
            }
            if global.json { PlainOutput.printLine(.array(verb.document)) }
            return verb.status
        }
    }
}
