import Git
import JSON
import LFS
import SystemCalls
import SystemPackage

/// `lfs checkout`: content for the files that hold pointers, from the store only.
struct CheckoutVerb {
    private let repository: Repository
    private let console: VerbConsole

    /// Works on a repository.
    init(_ repository: Repository, _ console: VerbConsole) {
        self.repository = repository
        self.console = console
    }

    /// What git-lfs says where no filter is configured: pointers stay as they are.
    static let advice = "Cannot checkout LFS objects, Git LFS is not installed."

    /// Whether content may stand in the work tree: git-lfs wants a filter that makes pointers of it again.
    ///
    /// Under its own name this program needs none: it keeps Git's index clean by itself.
    static func isInstalled(_ repository: Repository) throws -> Bool {
        if !GitLFSName.isOurs(repository.environment) { return true }
        let configuration = try repository.configuration()
        return ["clean", "process"].contains { !(configuration.string("filter.lfs.\($0)") ?? "").isEmpty }
    }

    /// Writes the content of the files that match any of the patterns, or of all files.
    nonisolated(nonsending) func run(_ patterns: [String]) async throws -> Int32 {
        if repository.workTree == nil {
            console.print(Repository.needsWorkTree)
            return 0
        }
        guard try Self.isInstalled(repository) else {
            console.print(Self.advice)
            return 0
        }
        let start = ContinuousClock.now
        let result = try await WorkTreeCheckout(repository).run(PathFilter(include: patterns))
        for object in result.missing {
            let path = object.path?.description ?? object.pointer.oid.hexadecimal
            console.complain("Skipped checkout for \(path.quotedAsGo), content not local. Use fetch to download.")
        }
        console.report(result.failures + result.skipped, limit: 10)
        if result.count > 0 {
            console.print(
                TransferSummary.line(
                    "Checking out LFS objects", count: result.count, of: result.count, bytes: result.bytes,
                    in: ContinuousClock.now - start))
        }
        console.document?(document(result))
        return result.failures.isEmpty ? 0 : 2
    }

    private func document(_ result: WorkTreeCheckout.Result) -> JSONValue {
        let written = result.written.map { ($0.percentEncoded, "written") }
        let missing = result.missing.map { ($0.path?.percentEncoded ?? "", "missing") }
        return [
            "files": .array((written + missing).map { ["name": .string($0.0), "status": .string($0.1)] })
        ]
    }
}
