import ArgumentParser
import CommandSession
import Console
import LFS
import OCI
import SystemCalls

/// `cache-image push`: uploads the cache's LFS objects, then pushes the branch.
struct PushCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "push", abstract: "Upload the LFS objects of the cache, then push the branch.",
        discussion: "A push whose upload fails changes nothing at the remote's references.")

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The remote; by default the one that Git pushes to.", valueName: "name"))
    var remote: String?
    @Flag(name: .customLong("dry-run"), help: "Only show what would be uploaded.") var dryRun = false
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() async throws {
        let session = try Session(global, needsConfiguration: false)
        let transfer = try session.transfer("push", remote: remote)
        var parts: [(transfer: CacheTransfer, missing: [TransferObject])] = []
        for part in try transfer.perPushURL() {
            parts.append((part, try await part.client.missing(part.pushedObjects(), remote: part.pushRemote)))
        }
        let missing = parts.flatMap(\.missing)
        let total = missing.total { $0.pointer.size }
        for object in missing {
            let (oid, size) = (object.pointer.oid.short, Quantity.bytes(object.pointer.size))
            session.terminal.note("\(oid) \(size) \(object.path?.description ?? "")")
        }
        session.terminal.note("\(Quantity.count(missing.count, "LFS object")) to upload, \(Quantity.bytes(total))")
        if !dryRun {
            let display = session.transferDisplay("pushing LFS objects")
            for (part, missing) in parts { try await part.client.push(missing) { display($0) } }
            let status = try await transfer.pushReferences(session.terminal.gitProgress) {
                [terminal = session.terminal] in
                terminal.relay($0, always: true)
            }
            if status != 0 {
                throw Failure(.failed, "cannot push to \(transfer.pushRemote): git push ended in \(status)")
            }
        }
        session.terminal.finishTransfer(missing, isDone: !dryRun)
        try session.terminal.finish()
    }
}
