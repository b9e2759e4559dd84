import Archive
import Glibc
import OCI
import Programs
import SystemCalls
import SystemPackage

extension Engine {
    /// The first of the candidates under which our own program starts; nil where none does, or none can be tried.
    func firstThatStarts(_ use: ContainerUse) async throws -> Abilities? {
        guard let program = ProbeProgram.bytes(finding?.architecture ?? ProbeProgram.ownArchitecture),
            let scratch = try? Files.createTemporaryDirectory(in: PlainPath.temporaryFolder(environment))
        else { return nil }
        defer { try? Files.removeTree(scratch) }
        let name = "cache-image-probe-\(getpid())-" + String(UInt32.random(in: 0 ... .max), radix: 36)
        do {
            if use == .runs, try await !makeProbe(program, name, scratch) { return nil }
            var found: Abilities?
            for candidate in candidates(use) where found == nil {
                let starts =
                    try await use == .builds
                    ? builds(candidate, program, name, scratch) : starts(candidate, name)
                if starts { found = candidate }
            }
            await removeProbe(use, name)
            return found
        } catch {
            await removeProbe(use, name)
            // A build or run that follows says better what is wrong with the engine.
            if error is CancellationError { throw error }
            if let error = error as? EngineError, error.kind == .unreachable { throw error }
            return nil
        }
    }

    /// What is tried, the least change first; isolation is given up last.
    private func candidates(_ use: ContainerUse) -> [Abilities] {
        var runtimes: [String?] = [nil]
        if dialect.takesRuntime, !usesService, ProgramSearch.find("runc", environment: environment) != nil {
            runtimes.append("runc")
        }
        // buildah's library asks for more by itself in newer versions (podman 5); other builders do not.
        let mayAsk = use == .runs ? dialect.limits != .inherited : dialect.takesRuntime && !usesService
        var limits = mayAsk ? [false, true] : [false]
        if use == .runs, limits.count == 2, dialect.limits == .program, !usesService, geteuid() == 0,
            !Surroundings.mayRaiseLimits
        {
            limits = [true]
        }
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
        if dialect.isolationFree.contains(use) {
            for needsOwnLimits in use == .builds ? limits : [false] {
                var candidate = Abilities()
                (candidate.network, candidate.isChroot, candidate.needsOwnLimits) = (.host, true, needsOwnLimits)
                result.append(candidate)
            }
        }
        return result
    }

    /// Whether a step of a build starts.
    private func builds(
        _ candidate: Abilities, _ program: [UInt8], _ name: String, _ scratch: FilePath
    ) async throws -> Bool {
        // No builder is given a context twice.
        let context = try Files.createTemporaryDirectory(in: scratch)
        try Files.replace(context.appending(ProbeProgram.name), with: program)
        try Files.setPermissions(context.appending(ProbeProgram.name), 0o755)
        let dockerfile = "FROM scratch\nCOPY \(ProbeProgram.name) /\nRUN [\"/\(ProbeProgram.name)\"]\n"
        var request = BuildRequest(
            context: context, dockerfile: Array(dockerfile.utf8), name: try Self.image(name),
            scratch: scratch)
        request.noCache = true
        let work = try Files.createTemporaryDirectory(in: scratch)
        let finished = try await build(
            request, with: builder(), work, candidate, network: candidate.probedNetworkOptions,
            BuildLog(file: nil) { _ in })
        try await check(finished)
        noteComplaint(finished, .builds)
        return finished.isSuccess
    }

    /// Makes the scratch image; where no images are run, the working container.
    private func makeProbe(_ program: [UInt8], _ name: String, _ scratch: FilePath) async throws -> Bool {
        guard let working = dialect.containers.working else {
            let archive = ContextArchive.root(program: ProbeProgram.name, program)
            let finished = try await execute(
                dialect.images.importing(try Self.image(name).description),
                input: .writer { descriptor, _ in try Files.write(archive, to: descriptor, named: "the probe") },
                environment: apiEnvironment, silence: limits.question)
            try await check(finished)
            noteComplaint(finished, .runs)
            return finished.isSuccess
        }
        let file = scratch.appending(ProbeProgram.name)
        try Files.replace(file, with: program)
        try Files.setPermissions(file, 0o755)
        guard try await ask(working.make(name, "scratch")).isSuccess else { return false }
        return try await ask(working.copy(name, file, "/\(ProbeProgram.name)")).isSuccess
    }

    /// Whether a container starts.
    private func starts(_ candidate: Abilities, _ name: String) async throws -> Bool {
        let subject = dialect.containers.working == nil ? try Self.image(name).description : name
        let finished = try await ask(dialect.containers.probe(candidate, subject, "/\(ProbeProgram.name)"))
        noteComplaint(finished, .runs)
        return finished.isSuccess
    }

    /// The scratch image: with the host of images made here, no engine asks a registry for it.
    private static func image(_ name: String) throws -> ImageName { try ImageName(ImageName(name).localSpelling) }

    private func removeProbe(_ use: ContainerUse, _ name: String) async {
        let isContainer = dialect.containers.working != nil && use == .runs
        let image = (try? Self.image(name).description) ?? name
        let arguments = isContainer ? dialect.containers.remove(name) : dialect.images.remove(image)
        await uncancelled { _ = try? await ask(arguments) }
    }
}
