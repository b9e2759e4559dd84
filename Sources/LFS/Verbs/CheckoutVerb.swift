import Git
import SystemCalls
import SystemPackage

/// `lfs checkout`: content for the files that hold pointers, from the store only.
public struct CheckoutVerb {
    private let repository: Repository
    private let say: (String) -> Void

    /// Works on a repository; `say` takes lines for stderr.
    public init(_ repository: Repository, say: @escaping (String) -> Void) {
        self.repository = repository
        self.say = say
    }

    /// Writes the content of the files that match any of the patterns, or of all files.
    nonisolated(nonsending) public func run(_ patterns: [String]) async throws -> Int32 {
        let result = try await WorkTreeCheckout(repository).run(PathFilter(include: patterns))
        for object in result.missing {
            let path = object.path?.description ?? object.pointer.oid.hexadecimal
            say("Skipped checkout for \(TrackVerb.quoted(path)), content not local. Use fetch to download.")
        }
        if !result.written.isEmpty {
            say("Checking out LFS objects: 100% (\(result.written.count)/\(result.written.count)), done.")
        }
        return 0
    }
}
