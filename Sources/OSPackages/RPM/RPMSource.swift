import JSON
import OSTemplate
import Synchronization
import SystemCalls
import SystemPackage

/// Packages of the rpm family, resolved by dnf 4 and checked by gpgv and rpmkeys.
///
/// Weak dependencies (Recommends) are not installed. Nothing of the machine's own dnf and rpm counts: neither their
/// configuration, nor their databases, nor their keys.
public final class RPMSource: PackageSource {
    /// The host programs that are called.
    public static let tools = [
        HostTool("dnf", package: "dnf"), HostTool("rpm", package: "rpm"), HostTool("rpmkeys", package: "rpm"),
        HostTool("gpgv", package: "gpgv"), HostTool("gpgconf", package: "gpgconf"), HostTool("gpg", package: "gpg"),
        HostTool("unshare", package: "util-linux"),
    ]

    let state: FilePath
    let programs: RPMPrograms
    let log: @Sendable (String) -> Void
    /// The repositories of the last call, whose trust counts.
    let known = Mutex<[RPMTrusted]>([])
    /// What the repositories of earlier builds are remembered in.
    var record: FilePath { state.appending("trusted.json") }

    /// Prepares the family; nothing is read or made yet.
    ///
    /// - Parameters:
    ///   - stateFolder: Absolute; holds dnf's metadata and the keys of one provider. Two calls at once need a lock.
    ///   - environment: The variables of this process.
    ///   - log: Gets lines for people who want to see more; escaped.
    public init(stateFolder: FilePath, environment: [String: String], log: @escaping @Sendable (String) -> Void) {
        state = stateFolder
        programs = RPMPrograms(environment: environment, home: stateFolder.appending("home"))
        self.log = log
    }

    /// Resolves with dnf: the base packages first, then the others beside exactly these.
    public func resolve(_ request: PackageRequest, isOffline: Bool) async throws -> Resolution {
        let repositories = try prepared(request.repositories, of: request.provider)
        if repositories.isEmpty {
            throw PackageError(
                .unresolved, "cannot resolve packages of \(request.provider): it has no repositories",
                hint: "name some under packageRepositories")
        }
        let order = order(
            repositories, isOffline,
            [
                "arch": .string(request.provider.arch), "release": .string(request.provider.dist),
                "base": .strings(request.base), "extras": .strings(request.extras),
            ])
        let answer = try await ask(RPMScript.resolve, order, doing: "resolve packages of \(request.provider)")
        try remember(repositories)
        return try RPMAnswer(answer).resolution()
    }

    /// Takes the keys of repositories, without resolving anything; for packages that a lock file names.
    ///
    /// `complaint(about:package:)` then looks at these repositories.
    public func trust(_ repositories: [PackageRepository], of provider: Provider, isOffline: Bool) async throws {
        let repositories = try prepared(repositories, of: provider)
        let order = order(repositories, isOffline, [:])
        _ = try await ask(RPMScript.trust, order, doing: "take the keys of \(provider)")
        try remember(repositories)
    }

    private func remember(_ repositories: [RPMRepository]) throws {
        let trusted = repositories.map(\.trusted)
        known.withLock { $0 = trusted }
        try RPMTrusted.add(trusted, to: record)
    }

    private func prepared(_ list: [PackageRepository], of provider: Provider) throws -> [RPMRepository] {
        try list.map { try RPMRepository($0, provider: provider) }
    }

    private func order(_ list: [RPMRepository], _ isOffline: Bool, _ more: [String: JSONValue]) -> JSONValue {
        var order = more
        order["state"] = .string(state.string)
        order["offline"] = .bool(isOffline)
        // One that is written twice is one.
        var seen: Set<String> = []
        order["repositories"] = .array(list.filter { seen.insert($0.id).inserted }.map(\.order))
        return .map(order)
    }

    /// Runs a script and reads its answer.
    func ask(_ script: String, _ order: JSONValue, doing action: String) async throws -> JSONValue {
        try Files.createDirectories(programs.home, permissions: 0o700)
        let result = try await programs.script(script, order: order, in: programs.home, line: log)
        guard result.isSuccess, let answer = try? JSONValue(parsing: result.output, limits: .localProgram) else {
            let last = result.errorText.split(separator: "\n").last.map(String.init) ?? "exit status \(result.status)"
            throw PackageError(
                .tool, "cannot \(action): dnf failed: \(Printable.escaped(ShownURL.masked(last)))",
                hint: "see what it said with --verbose")
        }
        if let refusal = RPMAnswer.refusal(answer) { throw refusal }
        return answer
    }
}
