import Programs
import SystemPackage

/// One way to build: how a request becomes arguments.
struct Builder: Sendable {
    /// How the context gets there.
    enum Input: Sendable {
        /// A folder, the Dockerfile outside of it, and an empty ignore file of that name beside it.
        case folder(ignoreFile: String)
        /// A tar on stdin, with the Dockerfile inside under a name that no input has, and an ignore file that names both.
        case tar
    }

    /// Its name in records and messages.
    let name: String
    /// How the context gets there.
    let input: Input
    /// Whether it knows heredocs; one that does not takes their lines for instructions.
    var knowsHeredocs = true
    /// The names of builders whose steps it finds again as if they were its own.
    var kin: Set<String> = []
    /// Whether it looks for steps of other machines only among images that it is told.
    var needsCacheSources = false
    /// Variables that choose it.
    var variables: [String: String?] = [:]
    /// What the engine's program is called with.
    let arguments: @Sendable (BuildCall) -> [String]
}

/// All that the arguments of a build follow from.
struct BuildCall: Sendable {
    let request: BuildRequest
    /// The reference that the image gets; nil for none.
    let tag: String?
    /// The Dockerfile's path, or its name in the tar.
    var dockerfile: String
    /// The ignore file's path; empty for a tar.
    var ignoreFile = ""
    /// The files of secrets, under paths without special characters, by the secret's id.
    var secretFiles: [String: FilePath] = [:]
    /// The file that gets the image's id.
    let idFile: FilePath
    let abilities: Abilities
    /// The options that choose the network.
    var network: [String] = []

    /// The options that give the image its name.
    var nameArguments: [String] { tag.map { ["--tag", $0] } ?? [] }

    /// What all builders call the same.
    var commonArguments: [String] {
        var result: [String] = []
        if let target = request.target { result += ["--target", target] }
        if let platform = request.platform { result += ["--platform", platform.description] }
        if request.noCache { result += ["--no-cache"] }
        for argument in request.arguments {
            result += ["--build-arg", argument.value.map { "\(argument.name)=\($0)" } ?? argument.name]
        }
        for argument in request.secretArguments { result += ["--build-arg", argument.name] }
        for secret in request.secrets {
            switch secret.source {
            case .variable(let name): result += ["--secret", "id=\(secret.id),env=\(name)"]
            case .file(let path): result += ["--secret", "id=\(secret.id),src=\(secretFiles[secret.id] ?? path)"]
            }
        }
        for label in request.labels { result += ["--label", "\(label.name)=\(label.value)"] }
        return result + network + request.options
    }
}

extension Builder {
    /// buildah's library, which is podman's builder, too.
    ///
    /// - Parameters:
    ///   - hasGlobalRuntime: whether the runtime is named before the verb.
    ///   - neverPull: the option that forbids to fetch anything.
    ///   - knowsHeredocs: whether its version has them (buildah 1.33, podman 4.8).
    static func buildahLibrary(
        _ name: String, hasGlobalRuntime: Bool, neverPull: String, knowsHeredocs: Bool
    ) -> Builder {
        Builder(
            name: name, input: .folder(ignoreFile: "ignore"), knowsHeredocs: knowsHeredocs, kin: ["podman", "buildah"]
        ) { call in
            let runtime = call.abilities.runtimeOptions
            var arguments = hasGlobalRuntime ? runtime : []
            arguments += ["build", "--format", "docker", "--layers"]
            if !hasGlobalRuntime { arguments += runtime }
            if call.abilities.isChroot { arguments += ["--isolation", "chroot"] }
            if EngineOptionWords(call.request.options, of: .build).value(of: "--ulimit") == nil {
                arguments += call.abilities.limitOptions
            }
            arguments += ["-f", call.dockerfile, "--ignorefile", call.ignoreFile, "--iidfile", call.idFile.string]
            arguments += call.nameArguments
            if call.request.offline { arguments += [neverPull] }
            for (reference, id) in call.request.bases.sorted(by: { $0.key < $1.key }) {
                arguments += ["--build-context", "\(reference)=container-image://\(id)"]
            }
            return arguments + call.commonArguments + [call.request.context.string]
        }
    }
}
