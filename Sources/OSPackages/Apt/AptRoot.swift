import Hashing
import OSTemplate
import Programs
import SystemCalls
import SystemPackage

/// A root of apt's own: configuration, repositories, keys, indexes and the status of an empty system.
///
/// The folder's name stands for the repositories and the architecture, so that templates of one provider that have
/// different ones do not throw each other's indexes away.
struct AptRoot: Sendable {
    let request: PackageRequest
    let folder: FilePath
    /// The variables that apt's programs see.
    let environment: [String: String]
    /// The keyring of each repository; nil where nothing is checked.
    let keyrings: [FilePath?]

    /// Brings a root up to date with a request; keys that are to be downloaded are downloaded anew when online.
    static func prepare(_ request: PackageRequest, for source: AptSource, isOffline: Bool) async throws -> AptRoot {
        let path = source.stateFolder.string
        guard path.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F && !"\",#[]\\".utf8.contains($0) }) else {
            throw PackageError(
                .file, "cannot use \(Printable.escaped(path)): apt takes no spaces or quotes in its folder's path",
                hint: "choose another cache folder: --cache-dir")
        }
        let hash = SHA256Digest(of: AptConfiguration.identity(of: request).utf8)
        let folder = source.stateFolder.appending(String(hash.hexadecimal.prefix(16)))
        for part in ["lists/partial", "cache/archives/partial", "keys", "home", "sources.list.d", "preferences.d"] {
            try Files.createDirectories(folder.pushing(FilePath(part)))
        }
        let variables = source.childEnvironment(folder)
        var settings = AptConfiguration.text(for: folder, architecture: request.provider.arch)
        settings += try await source.hostSettings()
        try Files.replace(folder.appending("status"), with: [])
        try Files.replace(folder.appending("apt.conf"), with: Array(settings.utf8))
        var keyrings: [FilePath?] = []
        for (number, repository) in request.repositories.enumerated() {
            keyrings.append(
                try await AptKeyring.prepare(
                    repository, number, in: folder, environment: variables, isOffline: isOffline))
        }
        try Files.replace(
            folder.appending("sources.list.d").appending("template.sources"),
            with: Array(AptConfiguration.sources(request, keyrings: keyrings).utf8))
        try Files.replace(
            folder.appending("preferences.d").appending("template"),
            with: Array(try AptConfiguration.pins(request.repositories).utf8))
        removeForgotten(in: source.stateFolder)
        return AptRoot(request: request, folder: folder, environment: variables, keyrings: keyrings)
    }

    /// Removes the roots that no request used for 60 days: their templates have other repositories now.
    private static func removeForgotten(in stateFolder: FilePath) {
        let oldest = FileStatus.Time.now.seconds - 60 * 86_400
        for name in (try? Files.names(in: stateFolder)) ?? []
        where name.string.utf8.count == 16 && name.string.allSatisfy(\.isHexDigit) {
            let root = stateFolder.appending(name)
            let used = (try? FileStatus.of(root.appending("apt.conf"))) ?? nil
            if let used, used.modified.seconds < oldest { try? Files.removeTree(root) }
        }
    }

    /// Runs one of apt's programs in this root.
    func run(_ program: String, _ arguments: [String]) async throws -> ProgramResult {
        try await AptPrograms.run(program, arguments, in: folder, environment: environment)
    }

    /// The names of all packages of the indexes.
    func packageNames() async throws -> [String] {
        let result = try await run("apt-cache", ["pkgnames"])
        return result.text.split(separator: "\n").map(String.init)
    }
}

extension AptSource {
    /// The variables of a child: PATH, a HOME of its own, the proxies, and our configuration in place of the machine's.
    func childEnvironment(_ root: FilePath?) -> [String: String] {
        var variables = ["LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"]
        variables["HOME"] = root?.appending("home").string ?? "/nonexistent"
        for name in ["PATH", "TMPDIR", "http_proxy", "https_proxy", "no_proxy"] { variables[name] = environment[name] }
        variables["APT_CONFIG"] = root?.appending("apt.conf").string ?? environment["APT_CONFIG"]
        return variables
    }

    /// The lines of this machine's apt configuration that are kept: the way through the network, and logins.
    func hostSettings() async throws -> String {
        let result = try await ChildProgram(
            "apt-config", ["dump"], in: nil, environment: childEnvironment(nil)
        ).run()
        try Task.checkCancellation()
        return AptConfiguration.kept(of: result.text)
    }
}
