import Archive
import Configuration
import Console
import Engines
import Git
import ImageCache
import JSON
import LFS
import OCI
import Programs
import Records
import Registry
import SystemCalls

extension Failure {
    /// The one line, hint and exit code of any module's error.
    public init(describing error: any Error) {
        switch error {
        case let error as Failure: self = error
        case let error as ConfigurationError: self.init(.usage, error.description, hint: error.hint)
        case let error as CacheError: self.init(error)
        case let error as InputsError: self.init(error)
        case let error as EngineError: self.init(error)
        case let error as ArchiveError: self.init(error)
        case let error as LFSError: self.init(error)
        case let error as RegistryError: self.init(error)
        case let error as GitError: self.init(error)
        case let error as OCIError: self.init(.usage, error.description)
        case let error as ImageReference.Fault: self.init(.usage, "cannot read an image's name: \(error)")
        case is Platform.Fault: self.init(.usage, "cannot read a platform: expected OS/ARCH or OS/ARCH/VARIANT")
        case let error as JSONError: self.init(.corrupt, "cannot read a document: \(error)")
        case let error as ProgramError: self.init(.failed, error.description)
        case let error as MissingLibrary: self.init(.usage, error.description, hint: error.hint)
        case let error as SystemError: self.init(.failed, error.description, hint: OwnerHint.text(for: error))
        default:
            // An error of a module that is not named here, such as one of HTTP, says a sentence of its own.
            let text = "\(error)"
            self.init(.failed, text.hasPrefix("cannot ") ? text : "cannot go on: \(text)")
        }
    }

    /// Why the repository around the current folder cannot be used; nil where it can, and where there is none.
    private static var unsupportedRepository: GitError? {
        guard let folder = try? Files.currentFolder() else { return nil }
        let place = try? RepositoryPlace.find(from: folder, current: folder, environment: ProcessEnvironment.current)
        return place?.unsupported
    }

    private init(_ error: CacheError) {
        switch error {
        case .locked(let path, let holder, let seconds):
            let process = holder.map { "process \($0)" } ?? "another process"
            self.init(
                .locked, "cannot lock \(path): \(process) did not release it within \(Int(seconds)) s",
                hint: "wait for it, or give --lock-timeout more seconds")
        case .entryMissing(let image, let reason):
            self.init(.stale, "cannot load \(image): \(reason)", hint: "cache-image update \(image)")
        case .entryCorrupt(let image, let reason):
            self.init(.corrupt, "cannot load \(image): \(reason)", hint: "cache-image update \(image)")
        case .placeTaken(let image, let folder):
            self.init(
                .corrupt, "cannot store the entry of \(image): \(folder) is a folder that is not empty",
                hint: "look into it and remove it, then cache-image update \(image)")
        case .foreignPlatform(let verb, let object, let found, let expected):
            self.init(
                .failed, "cannot \(verb) \(object): it is an image for \(found), the entry is for \(expected)",
                hint: "give the image a platform: in cache-image.yml, or build it for \(expected)")
        case .entryStale(let image, let key):
            self.init(
                .stale, "cannot use the entry of \(image): it was not made of the present inputs (key \(key))",
                hint: "cache-image update \(image)")
        case .imageNotInEngine(let image, let engine):
            self.init(
                .failed, "cannot save \(image): \(engine) has no such image", hint: "cache-image build \(image)")
        case .savedForOtherKey(let image, let imageID, let builtFor, let key):
            self.init(
                .failed,
                "cannot save \(image): image \(imageID.short) was built for key \(builtFor.short), the inputs now have \(key.short)",
                hint: "cache-image update \(image), or save --force")
        case .unexpectedConfiguration(let image, let differences):
            self.init(
                .buildFailed,
                "cannot store \(image): its configuration is not the one of the Dockerfile: \(differences[0])",
                hint: "cache-image inputs \(image) shows what was expected")
        case .secretInImage(let image, let secret, let place):
            self.init(
                .failed,
                "cannot store \(image): its \(place) holds the value of the secret \(secret)",
                hint: "read it with RUN --mount=type=secret (docs/security.md), or give --allow-secret-in-image")
        case .notCached(let image):
            self.init(
                .usage, "cannot use an entry of \(image): it is declared with cache: false, so it has none",
                hint: "cache-image build \(image)")
        case .notStaged(let image, let failure):
            self.init(
                .notStaged, "cannot stage the entry of \(image): \(failure.reason)",
                hint: failure.hint ?? "the entry is complete on disk; cache-image update \(image) stages it")
        case .needsRepository(let verb, let folder):
            if let unsupported = Failure.unsupportedRepository {
                self.init(.usage, "cannot \(verb) in \(folder): \(unsupported.reason)")
                return
            }
            self.init(
                .notARepository, "cannot \(verb) in \(folder): it is not in a Git repository", hint: "git init")
        case .notTrusted(let questions):
            let lines = questions.flatMap(\.reasons).joined(separator: "; ")
            self.init(
                .usage, "cannot use \(lines); this clone is not trusted with that",
                hint: "read it, then give --trust once, or CACHE_IMAGE_TRUST=1 for one run")
        case .baseFailed(let image, let base, let error):
            let failure = Failure(describing: error)
            self.init(
                failure.code, "cannot build \(image): its base image \(base) failed: \(failure.message)",
                hint: failure.hint)
        case .noSteps(let image):
            self.init(
                .stale, "cannot export the steps of \(image): its entry keeps none",
                hint: "cache-image build \(image)")
        case .noEntryAtRevision(let image, let revision):
            self.init(
                .stale, "cannot load \(image) as of \(revision): that commit holds no entry of it",
                hint: "cache-image history \(image)")
        }
    }

    private init(_ error: InputsError) {
        let code: ExitCode =
            switch error.kind {
            case .recipe, .newerAlgorithm: .usage
            case .missingObjects: .objectUnavailable
            case .changedWhileRead, .system: .failed
            case .tooLarge: .quota
            case .conflictMarkers, .olderAlgorithm: .stale
            case .damagedDocument: .corrupt
            }
        let hint = error.kind == .newerAlgorithm ? "upgrade cache-image" : error.hint
        self.init(code, error.description, hint: hint)
    }

    private init(_ error: ArchiveError) {
        switch error.kind {
        case .corrupt, .unsupported: self.init(.corrupt, error.description)
        case .selection: self.init(.failed, error.description)
        case .system(let system): self.init(.failed, error.description, hint: OwnerHint.text(for: system))
        case .missingLibrary(let error): self.init(.usage, error.description, hint: error.hint)
        }
    }

    private init(_ error: EngineError) {
        let code: ExitCode =
            switch error.kind {
            case .notFound, .unreachable: .noEngine
            case .buildFailed: .buildFailed
            // The archive was checked while it was sent: what an engine does not take is no damaged one.
            case .noSuchImage, .died, .hung, .failed, .refused: .failed
            }
        let hint: String? =
            switch error.kind {
            case .notFound: "install podman, or name another engine with --engine"
            case .unreachable: "start the engine's service, or name another engine with --engine"
            default: nil
            }
        self.init(code, error.description, hint: error.hint ?? hint)
    }

    private init(_ error: LFSError) {
        let code: ExitCode =
            switch error.kind {
            case .missing: .objectUnavailable
            case .corrupt, .invalidPointer: .corrupt
            case .authentication: .authentication
            case .quota: .quota
            case .network: .network
            case .configuration: .usage
            case .failed, .locked, .unmerged: .failed
            }
        let hint = error.kind == .missing ? "cache-image push in a clone that has it, or cache-image build here" : nil
        self.init(code, error.description, hint: error.hint ?? hint)
    }

    private init(_ error: RegistryError) {
        let code: ExitCode =
            switch error.kind {
            case .unreachable, .refused: .network
            case .authentication: .authentication
            case .missing: .failed
            case .corrupt: .corrupt
            case .tooLarge: .quota
            }
        self.init(code, error.description, hint: error.hint)
    }

    private init(_ error: GitError) {
        let code: ExitCode =
            switch error.kind {
            case .notStaged: .notStaged
            // What is not trusted is not obeyed, its cache-image.yml as little as the rest.
            case .notOwned: .usage
            case .missingLibrary: .usage
            case .tooLarge: .quota
            default: .failed
            }
        self.init(code, error.description, hint: error.hint)
    }
}
