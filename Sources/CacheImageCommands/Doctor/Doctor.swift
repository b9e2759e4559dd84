import CommandSession
import Configuration
import Console
import Git
import HTTP
import ImageCache
import LFS
import Programs
import SystemCalls
import SystemPackage

/// Looks at the machine, the clone and the engines, one part after the other.
///
/// Nothing that the repository names is started, and nothing is waited for without end.
final class Doctor {
    /// The parts, in their order.
    static let parts: [@Sendable (Doctor) async -> [Diagnosis]] = [
        { $0.program() }, { $0.limits() }, { $0.clock() }, { $0.repository() }, { $0.settings() }, { $0.trust() },
        { $0.permissions() }, { $0.disk() }, { await $0.git() }, { await $0.lfs() }, { $0.leftovers() },
        { await $0.engines() },
    ]

    /// How long a program may take to say its version.
    static let patience = Duration.seconds(10)

    let terminal: Terminal
    let overrides: Overrides
    let given = ProcessEnvironment.current
    /// The repository's place; nil outside of one.
    let place: RepositoryPlace?
    /// Why the place cannot be used.
    let placeError: (any Error)?
    /// The repository, where it can be read.
    let opened: Repository?
    /// What flags, variables and file say.
    let configuration: ProjectConfiguration?
    /// Why they cannot be used.
    let configurationError: (any Error)?
    /// The cache that they describe.
    let cache: CacheWorkspace?

    /// Looks for repository and configuration; what is wrong with them is told by the parts.
    init(_ overrides: Overrides, terminal: Terminal) {
        self.overrides = overrides
        self.terminal = terminal
        let environment = ProcessEnvironment.current
        let found = Result { () throws -> RepositoryPlace? in
            let folder = try ConfigurationFile.currentFolder()
            return try RepositoryPlace.find(
                from: ConfigurationFile.searchFolder(overrides, from: folder, environment: environment),
                current: folder, environment: environment)
        }
        let place = (try? found.get()) ?? nil
        self.place = place
        placeError = found.failure
        opened = place.flatMap { place in
            guard place.unsupported == nil else { return nil }
            return try? Repository(place)
        }
        // Without libcrypto, nothing that follows has a name.
        guard (try? SharedLibrary.crypto.load()) != nil else {
            (configuration, configurationError, cache) = (nil, nil, nil)
            return
        }
        let checkout = CheckoutView(place)
        let loaded = Result { () throws -> ProjectConfiguration in
            try ProjectConfiguration.load(
                overrides, from: try ConfigurationFile.currentFolder(), workTree: place?.workTree,
                environment: environment, refusal: checkout.refusal)
        }
        configuration = try? loaded.get()
        configurationError = loaded.failure
        cache = configuration.flatMap { configuration in
            try? CacheWorkspace(
                configuration, in: checkout, environment: place?.environment ?? environment, events: CacheEvents())
        }
    }

    /// The environment for children.
    var environment: [String: String] { place?.environment ?? given }

    /// What a program says to some arguments, the first line; nil where it says nothing, or not in time.
    ///
    /// It runs at the root, where no repository is: what a clone's settings name is not started.
    func firstLine(_ program: String, _ arguments: [String]) async -> String? {
        guard let child = try? ChildProgram(program, arguments, in: "/", environment: given),
            let result = try? await child.runForLogin(timeLimit: Self.patience), result.isSuccess
        else { return nil }
        return result.text.split(separator: "\n").first.map(String.init)
    }

    // MARK: The program

    /// The program and its libraries.
    func program() -> [Diagnosis] {
        var found: [Diagnosis] = []
        let own = ProgramFile.current
        found.append(.ok(.program, "\(VersionCommand.text)\(own.map { " (\($0))" } ?? "")"))
        if let own, let first = ProgramSearch.find("cache-image", environment: given),
            let real = try? Files.realPath(first), real != (try? Files.realPath(own))
        {
            found.append(
                .warning(
                    .program, "PATH leads to another cache-image, which hooks and scripts would start: \(first)",
                    fix: "PATH=\(ShellWord.shown(own.removingLastComponent())):\"$PATH\""))
        }
        var names: [String] = []
        for library in SharedLibrary.allCases {
            do throws(MissingLibrary) {
                if library == .curl { try HTTPClient.checkLibrary() } else { try library.load() }
                names.append(library.rawValue)
            } catch {
                found.append(.problem(.program, error.description, fix: error.hint))
            }
        }
        if names.count == SharedLibrary.allCases.count {
            found.append(.ok(.program, "libraries: \(names.joined(separator: ", "))"))
        }
        if let file = CertificateAuthorities.first() {
            found.append(.ok(.program, "certificates of servers: \(file)"))
        } else {
            found.append(
                .warning(
                    .program, "no file of trusted certificates was found, so https servers are refused",
                    fix: "apt-get install -y ca-certificates"))
        }
        return found
    }
}

extension Result {
    /// The error; nil where there is a value.
    var failure: Failure? {
        if case .failure(let error) = self { return error }
        return nil
    }
}
