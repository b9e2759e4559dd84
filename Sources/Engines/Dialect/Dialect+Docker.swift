import Glibc
import Hashing
import JSON
import Programs
import SystemCalls
import SystemPackage

extension Dialect {
    /// docker: a client and its daemon, with BuildKit or the legacy builder.
    public static let docker = Dialect(
        // The daemon looks at all that its steps take, whatever builds.
        name: "docker", hasExactStepCache: true,
        service: Service(
            hasDaemon: true, title: "the daemon", variable: "DOCKER_HOST",
            variables: ["DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_CONFIG", "DOCKER_API_VERSION"],
            // A context chosen with `docker context use` stands in the client's own files.
            address: ["context", "inspect", "--format", "{{.Endpoints.docker.Host}}"],
            introduction: ["version", "--format", "{{.Server.Version}} {{.Server.Arch}}"],
            version: ["version", "--format", "{{.Server.Version}}"], readVersion: { $0.first }, wantedAPI: wantedAPI,
            settings: settings,
            remedy: { socket, isForbidden, environment in
                isForbidden ? "sudo usermod -aG docker \"$USER\", then log in again" : starting(socket, environment)
            }),
        images: ImageVerbs(
            resource: { "/images/\($0)/json" }, storeFolder: ["info", "--format", "{{.DockerRootDir}}"],
            list: ["image", "ls", "--no-trunc", "--format", "{{.ID}} {{.Repository}}:{{.Tag}}"],
            saveTogether: { ["save"] + $0 }, sparing: .chain),
        containers: ContainerVerbs(), builder: { try await $0.dockerBuilder() })

    /// The client's file of settings, and that of the context which it uses.
    @Sendable private static func settings(_ environment: [String: String]) -> [FilePath] {
        let named = environment["DOCKER_CONFIG"].flatMap { $0.isEmpty ? nil : $0 }
        guard let folder = (named ?? environment["HOME"].map { $0 + "/.docker" }).map(FilePath.init(keeping:)) else {
            return []
        }
        let file = folder.appending("config.json")
        let bytes = (try? Files.readPlain(file, limit: 1 << 20)) ?? nil
        let settings = bytes.flatMap { try? JSONValue(parsing: $0) }
        let chosen = environment["DOCKER_CONTEXT"].flatMap { $0.isEmpty ? nil : $0 }
        guard let context = chosen ?? settings?["currentContext"]?.string else { return [file] }
        // The daemon's address stands in a folder that has the digest of the context's name.
        let digest = SHA256Digest(of: context.utf8).hexadecimal
        return [file, folder.appending("contexts").appending("meta").appending(digest).appending("meta.json")]
    }

    /// The version that a daemon names when it refuses the client's.
    @Sendable private static func wantedAPI(in lines: [String]) -> String? {
        for line in lines where line.contains("supported API version is ") {
            guard let range = line.range(ofText: "supported API version is ") else { continue }
            let version = line[range...].prefix { $0.isNumber || $0 == "." }
            return String(version.last == "." ? version.dropLast() : version)
        }
        return nil
    }

    /// The command that starts the daemon behind a socket.
    private static func starting(_ path: FilePath, _ environment: [String: String]) -> String {
        let elevate = geteuid() == 0 ? "" : "sudo "
        if !["/var/run/docker.sock", "/run/docker.sock"].contains(path.string) {
            let isOwn = path.string.hasPrefix("/run/user/\(getuid())/")
            return isOwn ? "systemctl --user start docker" : "start the daemon of unix://\(path), or unset DOCKER_HOST"
        }
        if ProgramSearch.find("systemctl", environment: environment) != nil, Files.exists("/run/systemd/system") {
            return "\(elevate)systemctl start docker"
        }
        return "\(elevate)service docker start"
    }
}
