import SystemPackage

/// What answers for an engine, and how it is asked.
struct Service: Sendable {
    /// Whether a daemon does the work.
    ///
    /// Without one the program does it, unless the variable names a service.
    var hasDaemon = false
    /// What it is called where it does not answer.
    var title = "the service"
    /// The variable that names its address.
    var variable = "CONTAINER_HOST"
    /// All variables that decide which service or store the program uses.
    var variables: [String] = []
    /// The question for its address, where the variable names none; nil where there is no such question.
    var address: [String]?

    /// The question whose answer shows that the engine works.
    var introduction: [String]
    /// Whether that answer is VERSION ARCHITECTURE.
    var introducesVersion = true
    /// The question that fails where nobody answers.
    var presence = ["version"]
    /// The question for the version.
    var version = ["--version"]
    /// The version in the words of the answer's first line: `podman version 4.3.1`.
    var readVersion: @Sendable ([String]) -> String? = { $0.drop { $0 != "version" }.dropFirst().first }
    /// The version of the API that it asks for in its error lines; nil where it asks for none.
    var wantedAPI: @Sendable ([String]) -> String? = { _ in nil }

    /// The files, besides the program, whose change asks the engine again.
    var settings: @Sendable (_ environment: [String: String]) -> [FilePath] = { _ in [] }
    /// The settings of podman, buildah and their libraries, those of the user first.
    @Sendable static func containerSettings(_ environment: [String: String]) -> [FilePath] {
        let home = environment["HOME"].map { FilePath($0).appending(".config") }
        let own = environment["XDG_CONFIG_HOME"].flatMap { $0.isEmpty ? nil : FilePath($0) } ?? home
        let folders = [
            own?.appending("containers"), home?.appending("containers"), "/etc/containers", "/usr/share/containers",
        ]
        let names = ["policy.json", "registries.conf", "storage.conf", "containers.conf"]
        let named = ["CONTAINERS_CONF", "CONTAINERS_STORAGE_CONF", "CONTAINERS_REGISTRIES_CONF"]
        var files = named.compactMap { environment[$0] }.filter { !$0.isEmpty }.map { FilePath($0) }
        for folder in folders.compactMap({ $0 }) { files += names.map { folder.appending($0) } }
        return files.enumerated().filter { !files[..<$0.offset].contains($0.element) }.map(\.element)
    }

    /// The command that would make a socket answer, or give us access to it; nil where that cannot be told.
    var remedy: @Sendable (_ socket: FilePath, _ isForbidden: Bool, _ environment: [String: String]) -> String? = {
        _, _, _ in
        nil
    }

    /// The texts, in lower case, by which a question is answered where nobody is there.
    ///
    /// One list for all: a program named docker may be podman.
    static let awayTexts = [
        "cannot connect to the docker daemon", "error during connect", "failed to connect to the docker api",
        "permission denied while trying to connect to the docker", "unable to resolve docker endpoint",
        "cannot connect to podman", "unable to connect to podman", "docker daemon is not running",
    ]
}

extension Engine {
    /// Whether something else than the program does the work: a daemon, or a service that the environment names.
    var usesService: Bool { dialect.service.hasDaemon || environment[dialect.service.variable] != nil }
}
