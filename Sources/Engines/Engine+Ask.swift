import Glibc
import JSON

extension Engine {
    /// Runs a short command and answers with what it said; an engine that is away or gone is an error.
    func ask(_ arguments: [String]) async throws -> Finished {
        try await adapting { arguments, environment in
            try await execute(arguments, environment: environment, silence: limits.question)
        }(arguments)
    }

    /// Wraps a command in what is known of the engine's service: the version of Docker's API, and whether it is there.
    func adapting(
        _ run: @escaping @Sendable ([String], [String: String?]) async throws -> Finished
    ) -> @Sendable ([String]) async throws -> Finished {
        { arguments in
            var environment: [String: String?] = [:]
            if kind == .docker, let version = surroundings.fact("docker.api"),
                self.environment["DOCKER_API_VERSION"] == nil
            {
                environment["DOCKER_API_VERSION"] = version
            }
            var finished = try await run(arguments, environment)
            if !finished.isSuccess, kind == .docker, let version = Self.apiVersion(in: finished.errorLines) {
                say("docker: speaking version \(version) of the API, as the daemon asks")
                surroundings.remember("docker.api", version)
                finished = try await run(arguments, ["DOCKER_API_VERSION": version])
            }
            try check(finished)
            return finished
        }
    }

    /// The API version that a daemon names when it refuses the client's.
    private static func apiVersion(in lines: [String]) -> String? {
        for line in lines where line.contains("supported API version is ") {
            guard let range = line.range(ofText: "supported API version is ") else { continue }
            let version = line[range...].prefix { $0.isNumber || $0 == "." }
            return String(version.last == "." ? version.dropLast() : version)
        }
        return nil
    }

    /// Fails where the program was killed or its service does not answer; a build that began shows that it did.
    func check(_ finished: Finished, isStarted: Bool = false) throws {
        if case .signaled(SIGPIPE) = finished.ending, let error = finished.transferError {
            // The program died of our closing its pipe; what made us close it is the reason.
            throw error
        }
        if case .signaled(let signal) = finished.ending {
            throw EngineError(
                .died(signal: signal), "cannot run \(finished.command.prefix(200)): signal \(signal) ended it",
                lastLines: finished.errorLines)
        }
        let isAway = finished.says(
            "cannot connect to the docker daemon", "error during connect", "failed to connect to the docker api",
            "permission denied while trying to connect to the docker", "unable to resolve docker endpoint",
            "cannot connect to podman", "unable to connect to podman", "docker daemon is not running")
        if !finished.isSuccess, isAway, !isStarted {
            throw EngineError(
                .unreachable, "cannot reach \(name): \(finished.reason)", lastLines: finished.errorLines)
        }
    }

    /// An error for a command that ended with a status.
    func failure(_ verb: String, _ object: String, _ finished: Finished) -> EngineError {
        var status: Int32 = 0
        if case .exited(let code) = finished.ending { status = code }
        let reason = finished.reason.isEmpty ? "\(name) ended with status \(status)" : finished.reason
        return EngineError(
            .failed(status: status), "cannot \(verb) \(object): \(reason)", lastLines: finished.errorLines)
    }

    /// Says what was done to suit this machine, once.
    func say(_ text: String) {
        if surroundings.isNew(text) { note(text) }
    }

    /// The engine's answer as JSON.
    func json(_ finished: Finished) throws -> JSONValue {
        do {
            return try JSONValue(parsing: finished.outputBytes)
        } catch {
            throw EngineError(
                .failed(status: 0), "cannot read what \(finished.command.prefix(200)) says: \(error)",
                lastLines: finished.errorLines)
        }
    }
}

extension String {
    /// The index after the first occurrence of a text.
    func range(ofText text: String) -> Index? {
        let bytes = Array(text.utf8)
        var index = utf8.startIndex
        while index < utf8.endIndex {
            if utf8[index...].starts(with: bytes) { return utf8.index(index, offsetBy: bytes.count) }
            index = utf8.index(after: index)
        }
        return nil
    }
}
