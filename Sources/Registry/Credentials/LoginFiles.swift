import JSON
import OCI
import SystemCalls
import SystemPackage

/// The logins that `podman login`, `buildah login` and `docker login` keep (containers-auth.json(5)).
struct LoginFiles: Sendable {
    private let environment: [String: String]

    init(environment: [String: String]) {
        self.environment = environment
    }

    /// The files in the order in which they are asked.
    var paths: [FilePath] {
        func variable(_ name: String) -> FilePath? {
            environment[name].flatMap { $0.isEmpty ? nil : FilePath(keeping: $0) }
        }
        let home = variable("HOME")
        let configuration = variable("XDG_CONFIG_HOME") ?? home?.appending(".config")
        let found = [
            variable("REGISTRY_AUTH_FILE"), variable("XDG_RUNTIME_DIR")?.pushing("containers/auth.json"),
            configuration?.pushing("containers/auth.json"),
            (variable("DOCKER_CONFIG") ?? home?.appending(".docker"))?.appending("config.json"),
        ]
        return found.compactMap { $0 }
    }

    /// The login for a repository: of the first file that has one; nil to ask without.
    ///
    /// In a file, a helper stands before what is written there. A file that cannot be read holds no login.
    func login(for reference: ImageReference) async -> Login? {
        for path in paths {
            guard let bytes = (try? Files.read(path, limit: 1 << 20)) ?? nil,
                let file = try? JSONValue(parsing: bytes)
            else { continue }
            let names = Self.names(of: reference)
            let helpers = names.compactMap { file["credHelpers"]?[$0]?.string } + [file["credsStore"]?.string ?? ""]
            if let helper = helpers.first(where: { !$0.isEmpty }),
                let login = await LoginHelper(name: helper, environment: environment).login(
                    for: Self.server(of: reference))
            {
                return login
            }
            if let login = Self.login(for: reference, in: file["auths"]?.members ?? []) { return login }
        }
        return nil
    }

    /// The login of `auths`: the longest key that names the repository or a folder above it, else the host's as a URL.
    private static func login(for reference: ImageReference, in entries: [JSONValue.Member]) -> Login? {
        for name in names(of: reference) {
            var folder = reference.repository.split(separator: "/")
            while true {
                let key = ([name[...]] + folder).joined(separator: "/")
                if let login = entries.first(where: { $0.name == key }).flatMap({ Login(entry: $0.value) }) {
                    return login
                }
                if folder.popLast() == nil { break }
            }
        }
        for entry in entries {
            for scheme in ["https://", "http://"] where entry.name.hasPrefix(scheme) {
                let host = entry.name.dropFirst(scheme.count).prefix { $0 != "/" }
                if names(of: reference).contains(String(host)), let login = Login(entry: entry.value) { return login }
            }
        }
        return nil
    }

    /// The names that a registry goes by.
    private static func names(of reference: ImageReference) -> [String] {
        reference.registry == ImageReference.dockerHub
            ? [ImageReference.dockerHub, "index.docker.io", "registry-1.docker.io"] : [reference.registry]
    }

    /// The name under which helpers know a registry.
    private static func server(of reference: ImageReference) -> String {
        names(of: reference).count > 1 ? "https://index.docker.io/v1/" : reference.registry
    }
}
