import Glibc
import JSON

extension Engine {
    /// Runs a short command of our own and answers with what it said; an engine that is away or gone is an error.
    ///
    /// What a question of ours is answered may decide; what a build or a container prints never does.
    func ask(_ arguments: [String]) async throws -> Finished {
        try checkStore()
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
        if !finished.isSuccess, let version = dialect.service.wantedAPI(finished.errorLines) {
            say("\(name): speaking version \(version) of the API, as the daemon asks")
            surroundings.cache("docker.api", version)
            finished = try await execute(arguments, environment: apiEnvironment, silence: limits.question)
        }
        try checkEnding(finished)
        // Half an answer would be taken for another one.
        if let error = finished.transferError { throw error }
        if !finished.isSuccess, finished.says(Service.awayTexts) { throw unreachable(finished) }
        return finished
    }

    /// The variables that docker needs to speak with its daemon.
    var apiEnvironment: [String: String?] {
        guard environment["DOCKER_API_VERSION"] == nil, let version = surroundings.cached("docker.api") else {
            return [:]
        }
        return ["DOCKER_API_VERSION": version]
    }

    /// Fails where the program was killed, or failed and its service does not answer, which is asked.
    func check(_ finished: Finished) async throws {
        try checkEnding(finished)
        if finished.isSuccess || !usesService { return }
        let answer = try await ask(dialect.service.presence)
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
            return try JSONValue(parsing: finished.outputBytes, limits: .localProgram)
        } catch {
            throw EngineError(
                .failed(status: 0), "cannot read what \(finished.command.prefix(200)) says: \(error)",
                lastLines: finished.errorLines)
        }
    }
}
