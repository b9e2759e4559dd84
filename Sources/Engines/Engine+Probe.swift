import Archive
import Glibc
import SystemCalls
import SystemPackage

extension Engine {
    /// What containers of this engine need and can have: what is remembered of its version, else what a probe shows.
    func abilities() async throws -> Abilities {
        if let known = try await rememberedAbilities() { return known }
        return try await probe() ?? Abilities()
    }

    /// What is known of containers here, in words; nil where nothing was found out yet.
    public var knownAbilities: String? {
        get async { (try? await rememberedAbilities())?.description }
    }

    private func rememberedAbilities() async throws -> Abilities? {
        if let known = surroundings.cached("abilities").flatMap(Abilities.init) { return known }
        let words = (surroundings.fact(try await factName()) ?? "").split(separator: "\n").map(String.init)
        guard let known = words.first.flatMap(Abilities.init) else { return nil }
        // What containers cannot have may be had after the next boot.
        if known.isReduced, words.last != Surroundings.boot { return nil }
        surroundings.cache("abilities", known.text)
        return known
    }

    /// The fact's name: what is true of one version, service and user need not be true of another.
    private func factName() async throws -> String {
        "\(try await version()) \(finding?.endpoint ?? "-") \(environment["CONTAINERS_CONF"] ?? "") \(geteuid())"
    }

    /// Finds out again what containers need here, and which networks they can have.
    public func probeAgain() async throws { _ = try await probe() }

    /// Forgets what was found out: the next command asks again.
    func forgetAbilities() async {
        if let fact = try? await factName() { surroundings.remember(fact, nil) }
    }

    /// Finds out what containers need and can have, whatever is remembered.
    ///
    /// - Returns: nil where no container of our own starts; that is not remembered.
    func probe() async throws -> Abilities? {
        note("\(name): starting a container of our own, to see what containers need here")
        guard let found = try await firstThatStarts() else {
            note("\(name): no container of our own started")
            return nil
        }
        if let runtime = found.runtime { note("\(name): using \(runtime), since its own choice starts no containers") }
        if found.needsOwnLimits {
            note("\(name): containers get our own limits of files and processes, since they may not be raised here")
        }
        surroundings.cache("abilities", found.text)
        surroundings.remember(try await factName(), "\(found.text)\n\(Surroundings.boot)")
        return found
    }

    /// What is tried, the least change first; isolation is given up last.
    private var candidates: [Abilities] {
        let isLocal = environment["CONTAINER_HOST"] == nil && kind != .docker
        var runtimes: [String?] = [nil]
        if isLocal, Self.program("runc", environment: environment) != nil { runtimes.append("runc") }
        // buildah sets no limits of its own.
        var limits = kind == .buildah ? [false] : [false, true]
        if kind == .podman, isLocal, geteuid() == 0, !Surroundings.mayRaiseLimits { limits = [true] }
        var result: [Abilities] = []
        for network in [Abilities.Network.own, .empty, .host] {
            for runtime in runtimes {
                for needsOwnLimits in limits {
                    var candidate = Abilities()
                    (candidate.runtime, candidate.needsOwnLimits) = (runtime, needsOwnLimits)
                    candidate.network = network
                    result.append(candidate)
                }
            }
        }
        if kind != .docker {
            var candidate = Abilities()
            (candidate.network, candidate.isChroot) = (.host, true)
            result.append(candidate)
        }
        return result
    }

    /// The first of the candidates under which our own program starts; nil where none does, or none can be tried.
    private func firstThatStarts() async throws -> Abilities? {
        guard let program = ProbeProgram.bytes(finding?.architecture ?? ProbeProgram.ownArchitecture) else { return nil }
        let name = "cache-image-probe-\(getpid())-" + String(UInt32.random(in: 0 ... .max), radix: 36)
        let scratch = try? Files.createTemporaryDirectory(in: FilePath(environment["TMPDIR"] ?? "/tmp"))
        defer { if let scratch { try? Files.removeTree(scratch) } }
        do {
            guard try await makeProbe(program, name, scratch) else { return nil }
            var found: Abilities?
            for candidate in candidates where found == nil {
                if try await starts(candidate, name, scratch) { found = candidate }
            }
            await removeProbe(name)
            return found
        } catch {
            await removeProbe(name)
            // A build or run that follows says better what is wrong with the engine.
            if error is CancellationError { throw error }
            if let error = error as? EngineError, error.kind == .unreachable { throw error }
            return nil
        }
    }

    /// Makes the scratch image; with buildah, which runs no images, the working container.
    private func makeProbe(_ program: [UInt8], _ name: String, _ scratch: FilePath?) async throws -> Bool {
        if kind != .buildah {
            let archive = ContextArchive.root(program: ProbeProgram.name, program)
            let finished = try await execute(
                ["import", "-", "localhost/\(name)"],
                input: .writer { descriptor, _ in try Files.write(archive, to: descriptor, named: "the probe") },
                silence: limits.question)
            try await check(finished)
            return finished.isSuccess
        }
        guard let file = scratch?.appending(ProbeProgram.name) else { return false }
        try Files.replace(file, with: program, permissions: 0o755)
        guard try await ask(["from", "--name", name, "scratch"]).isSuccess else { return false }
        return try await ask(["copy", name, file.string, "/\(ProbeProgram.name)"]).isSuccess
    }

    private func starts(_ candidate: Abilities, _ name: String, _ scratch: FilePath?) async throws -> Bool {
        let network: [String] =
            switch candidate.network {
            case .own: []
            case .empty: ["--network", "none"]
            case .host: ["--network", "host"]
            }
        let command = ["/\(ProbeProgram.name)"]
        if candidate.isChroot, kind == .podman {
            // Containers of `podman run` cannot do without a runtime; steps of its builds can.
            guard let file = scratch?.appending("Dockerfile"), let folder = scratch else { return false }
            try Files.replace(file, with: Array("FROM localhost/\(name)\nRUN [\"/\(ProbeProgram.name)\"]\n".utf8))
            let options = ["--isolation", "chroot", "--tag", "localhost/\(name)", "-f", file.string]
            return try await ask(["build"] + network + options + [folder.string]).isSuccess
        }
        if kind == .buildah {
            let isolation = candidate.isChroot ? ["--isolation", "chroot"] : []
            return try await ask(["run"] + candidate.runtimeOptions + isolation + network + [name, "--"] + command)
                .isSuccess
        }
        let options = ["run", "--rm", "--pull=never"] + candidate.limitOptions + network
        return try await ask(candidate.runtimeOptions + options + ["localhost/\(name)"] + command).isSuccess
    }

    private func removeProbe(_ name: String) async {
        let arguments = kind == .buildah ? ["rm", name] : ["rmi", "--force", "localhost/\(name)"]
        await Task.detached { _ = try? await ask(arguments) }.value
    }
}
