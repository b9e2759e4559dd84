import ArgumentParser
import CommandSession
import JSON
import LFS
import SystemCalls

/// `cache-image lfs locks`: the locks that the server knows.
struct LFSLocksCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "locks", abstract: "List the locks that the server knows.")

    @Argument(help: .hidden) var others: [String] = []
    @Option(name: .shortAndLong, parsing: .unconditional, help: "The remote.") var remote: String?
    @Option(name: .shortAndLong, parsing: .unconditional, help: "Only the lock of this file.") var path: String?
    @Option(name: .shortAndLong, parsing: .unconditional, help: "Only the lock of this name.") var id: String?
    @Option(name: .shortAndLong, parsing: .unconditional, help: "How many at most.") var limit: Int = 0
    @Flag(help: "Only those that were taken here; nobody is asked.") var local = false
    @Flag(help: "The last list; nobody is asked.") var cached = false
    @Flag(help: "Ask which of them are one's own (marked O).") var verify = false
    @OptionGroup(title: "Global options") var global: GlobalOptions

    /// Why the flags cannot be used together; nil where they can.
    private var complaint: String? {
        let filters = path != nil || id != nil
        if cached && limit > 0 { return "--cached option can't be combined with --limit" }
        if cached && filters { return "--cached option can't be combined with filters" }
        if cached && local { return "--cached option can't be combined with --local" }
        if verify && filters { return "--verify option can't be combined with filters" }
        if verify && local { return "--verify option can't be combined with --local" }
        return nil
    }

    func run() async throws {
        try await LFSSession.run(global) { session in
            if let complaint {
                PlainOutput.say(complaint + "\n")
                return 2
            }
            let client = try LFSClient(session.repository, remote: remote)
            var notes = LockNotes(client.store)
            var own: Set<String>?
            var found: [LocksClient.Lock]
            let relative = path.flatMap {
                session.repository.relativePath(of: session.folder.pushing(.init(keeping: $0)))
            }
            if local {
                found = notes.taken.filter { ($0.path == relative || path == nil) && ($0.id == id || id == nil) }
            } else if cached {
                guard let all = notes.all else {
                    PlainOutput.say("no cached locks present\n")
                    return 2
                }
                found = all
            } else if verify {
                let answer = try await client.locksClient(for: .upload).verify(tries: 3)
                guard case .locks(let ours, let theirs) = answer else {
                    throw LFSError(.failed, "list", "locks", "the server gives no list (\(answer))")
                }
                own = Set(ours.map(\.id))
                found = ours + theirs
            } else {
                found = try await client.locksClient(for: .download).list(
                    path: relative, id: id, limit: limit > 0 ? limit : nil)
                if path == nil && id == nil && limit <= 0 { try notes.note(found) }
            }
            if limit > 0 { found = Array(found.prefix(limit)) }
            if global.json {
                PlainOutput.printLine(document(found, own))
            } else {
                for line in Self.lines(found, own) { PlainOutput.print(Printable.escaped(line)) }
            }
            return 0
        }
    }

    private func document(_ locks: [LocksClient.Lock], _ own: Set<String>?) -> JSONValue {
        guard let own else { return .array(locks.map(\.document)) }
        return .object([
            .init("ours", .array(locks.filter { own.contains($0.id) }.map(\.document))),
            .init("theirs", .array(locks.filter { !own.contains($0.id) }.map(\.document))),
        ])
    }

    /// A line for each lock, by path, in columns.
    private static func lines(_ locks: [LocksClient.Lock], _ own: Set<String>?) -> [String] {
        func padded(_ text: String, _ width: Int) -> String {
            text + String(repeating: " ", count: max(width - text.utf8.count, 0))
        }
        let paths = locks.map { $0.path.description.utf8.count }.max() ?? 0
        let owners = locks.map { $0.owner.utf8.count }.max() ?? 0
        return locks.sorted { $0.path < $1.path }.map { lock in
            let mark = own.map { $0.contains(lock.id) ? "O " : "  " } ?? ""
            return mark + padded(lock.path.description, paths) + "\t" + padded(lock.owner, owners) + "\tID:\(lock.id)"
        }
    }
}
