import Configuration
import Context
import Git
import Records
import SystemCalls
import SystemPackage

/// The checkout that Git sees around a configuration, opened once: what looks for the configuration asks it, then the
/// cache.
///
/// Not to be used from two threads at once.
public final class CheckoutView {
    /// The repository's place; nil where Git sees none.
    public let place: RepositoryPlace?
    private var opened: Repository?

    /// Names a checkout; nothing is opened yet.
    public init(_ place: RepositoryPlace?) { self.place = place }

    /// Looks at a repository that is open.
    public init(_ repository: Repository) {
        place = nil
        opened = repository
    }

    /// The repository; nil outside of one, and where its format cannot be read.
    func repository() throws(GitError) -> Repository? {
        if let opened { return opened }
        guard let place, place.unsupported == nil else { return nil }
        let repository = try Repository(place)
        opened = repository
        return repository
    }

    /// Why a file must not be taken for missing, nor for what it holds: Git tracks it, and the checkout leaves it out or
    /// a merge left it unresolved; nil for any other.
    public func refusal(of path: FilePath) -> ConfigurationError? {
        guard let repository = (try? repository()) ?? nil, let workTree = repository.workTree else { return nil }
        let refusal =
            Files.exists(path)
            ? try? InputsError.conflict(of: path, in: repository, root: workTree)
            : try? InputsError.absence(of: path, in: repository, root: workTree)
        return refusal.map { ConfigurationError($0.description, hint: $0.hint) }
    }
}
