import Git
import LFS
import SystemCalls

/// `git lfs pull`: fetches what the checkout needs and puts it into the work tree.
struct PullVerb: Sendable {
    /// The remote's name or URL; nil for the one that the configuration says.
    var remote: String?
    /// Patterns instead of `lfs.fetchinclude`, comma-separated; empty clears it.
    var include: String?
    /// Patterns instead of `lfs.fetchexclude`, comma-separated; empty clears it.
    var exclude: String?
    /// Whether the network must be left alone.
    var isOffline = false

    /// Pulls nothing yet.
    init() {}

    /// Runs the verb; its exit status is the result.
    nonisolated(nonsending) func run(_ repository: Repository, _ console: VerbConsole) async throws -> Int32 {
        var verb = FetchVerb()
        verb.include = include
        verb.exclude = exclude
        verb.isOffline = isOffline
        if let remote, let complaint = try repository.complaint(aboutRemote: remote) {
            console.complain(complaint)
            return 2
        }
        let client = try LFSClient(repository, remote: remote, isOffline: isOffline)
        console.warn(about: client.configuration)
        guard let objects = try await verb.objects(repository, client, console.withoutOutput) else { return 2 }
        let summary = try await verb.fetch(objects, client, console)
        console.document?(
            summary.document("from", client.finder.endpoint(for: .download, remote: client.remote), client.store))
        var isCheckedOut = true
        if repository.workTree == nil {
            // A bare repository has its objects now, and nothing to put them into.
        } else if try CheckoutVerb.isInstalled(repository) {
            // What came is put in its place, whatever else could not be had.
            let result = try await WorkTreeCheckout(repository).run(verb.filter(client.configuration))
            console.report(result.failures + result.skipped, limit: 10)
            isCheckedOut = result.failures.isEmpty
        } else {
            console.print(CheckoutVerb.advice)
        }
        if summary.isComplete { return isCheckedOut ? 0 : 2 }
        return verb.fail(summary, client, console, "Failed")
    }
}
