import Console
import OSComposer
import OSDisk
import OSPackages
import OSTemplate
import OSTree

extension Failure {
    /// An error of a build with its exit code; what is none of ours stays as it is.
    static func ofComposer(_ error: any Error) -> any Error {
        switch error {
        case let error as TemplateError:
            Failure(.usage, error.description, hint: error.hint)
        case let error as PackageError:
            Failure(code(of: error.kind), error.description, hint: error.hint)
        case let error as TreeError:
            Failure(.buildFailed, error.description, hint: error.hint)
        case let error as DiskError:
            Failure(error.kind == .space ? .quota : .buildFailed, error.description, hint: error.hint)
        case let error as ComposerError:
            Failure(code(of: error.kind), error.description, hint: error.hint)
        default: error
        }
    }

    private static func code(of kind: PackageError.Kind) -> ExitCode {
        switch kind {
        case .unresolved: .usage
        case .network: .network
        case .untrusted: .corrupt
        case .offline: .objectUnavailable
        case .tool, .file: .failed
        case .busy: .locked
        }
    }

    private static func code(of kind: ComposerError.Kind) -> ExitCode {
        switch kind {
        case .usage: .usage
        case .stale: .stale
        case .corrupt: .corrupt
        case .busy: .locked
        case .failed: .failed
        }
    }
}
