import Configuration
import Context
import Git
import Records
import SystemCalls
import SystemPackage

/// What Git says of files that a configuration is looked for in, where the work tree lacks them.
///
/// The index is read at the first question. Not to be used from two threads at once.
public final class CheckoutView {
    private let open: () -> Repository?
    private lazy var repository = open()

    /// Looks at a repository; nil outside of one.
    public init(_ place: RepositoryPlace?) { open = { place.flatMap { try? Repository($0) } } }

    /// Looks at a repository that is open.
    public init(_ repository: Repository) { open = { repository } }

    /// Why a file must not be taken for missing, nor for what it holds: Git tracks it, and the checkout leaves it out or
    /// a merge left it unresolved; nil for any other.
    public func refusal(of path: FilePath) -> ConfigurationError? {
        guard let repository, let workTree = repository.workTree else { return nil }
        let refusal =
            Files.exists(path)
            ? try? InputsError.conflict(of: path, in: repository, root: workTree)
            : try? InputsError.absence(of: path, in: repository, root: workTree)
        return refusal.map { ConfigurationError($0.description, hint: $0.hint) }
    }
}
