import Glibc
import JSON

extension Engine {
    /// Runs a short command of our own and answers with what it said; an engine that is away or gone is an error.
    ///
    /// What a question of ours is answered may decide; what a build or a container prints never does.
    func ask(_ arguments: [String]) async throws -> Finished {
        do {
            return try await answer(arguments)
        } catch let error as EngineError {
            // It does not answer as it did when it was found.
            if let finding { EngineNotebook(environment).forget(finding) }
            throw error
        }
    }

    private func answer(_ arguments: [String]) async throws -> Finished {
        var finished = try await execute(arguments, environment: apiEnvironment, silence: limits.question)
        if !finished.isSuccess, kind == .docker, let version = Self.apiVersion(in: finished.errorLines) {
            say("docker: speaking version \(version) of the API, as the daemon asks")
            surroundings.cache("docker.api", version)
            finished = try await execute(arguments, environment: apiEnvironment, silence: limits.question)
        }
        try checkEnding(finished)
        if !finished.isSuccess, Self.isAway(finished) { throw unreachable(finished) }
        return finished
    }

    /// The variables that docker needs to speak with its daemon.
    var apiEnvironment: [String: String?] {
        guard environment["DOCKER_API_VERSION"] == nil, let version = surroundings.cached("docker.api") else {
            return [:]
        }
        return ["DOCKER_API_VERSION": version]
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

    /// Fails where the program was killed, or failed and its service does not answer, which is asked.
    func check(_ finished: Finished) async throws {
        try checkEnding(finished)
        if finished.isSuccess || kind != .docker && environment["CONTAINER_HOST"] == nil { return }
        let answer = try await ask(["version"])
        if !answer.isSuccess {
            if let finding { EngineNotebook(environment).forget(finding) }
            throw unreachable(answer)
        }
    }

    private func checkEnding(_ finished: Finished) throws {
        if case .signaled(SIGPIPE) = finished.ending, let error = finished.transferError {
            // The program died of our closing its pipe; what made us close it is the reason.
            throw error
        }
        if case .signaled(let signal) = finished.ending {
            throw EngineError(
                .died(signal: signal), "cannot run \(finished.command.prefix(200)): signal \(signal) ended it",
                lastLines: finished.errorLines)
        }
    }

    /// Whether the answer to a question is that nobody is there.
    private static func isAway(_ answer: Finished) -> Bool {
        answer.says(
            "cannot connect to the docker daemon", "error during connect", "failed to connect to the docker api",
            "permission denied while trying to connect to the docker", "unable to resolve docker endpoint",
            "cannot connect to podman", "unable to connect to podman", "docker daemon is not running")
    }

    /// The error of an engine that does not answer.
    private func unreachable(_ answer: Finished) -> EngineError {
        EngineError(.unreachable, "cannot reach \(name): \(answer.reason)", lastLines: answer.errorLines)
    }

    /// An error for a command that ended with a status.
    ///
    /// Whether the engine still answers is asked anew by the next command.
    func failure(_ verb: String, _ object: String, _ finished: Finished) -> EngineError {
        if let finding { EngineNotebook(environment).forget(finding) }
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
