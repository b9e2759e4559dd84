import SystemCalls
import SystemPackage

extension Engine {
    enum Introduction: Sendable {
        case found(EngineFinding)
        case silent(EngineSearch.Attempt)
    }

    /// Asks the engine who it is, in a way that needs its store or its daemon.
    func introduction() async throws -> Introduction {
        var endpoint = await endpoint()
        func silent(_ reason: String) -> Introduction {
            // Of a socket that is dead more can be told than the engine says.
            endpoint.flatMap(socketObstacle)
                ?? .silent(EngineSearch.Attempt(dialect: dialect, reason: reason, isAbsent: false, remedy: nil))
        }
        if let obstacle = settingsObstacle { return silent(obstacle) }
        let finished: Finished
        do {
            finished = try await ask(dialect.service.introduction)
        } catch let error as EngineError {
            if case .hung = error.kind { return silent("no answer within \(limits.question)") }
            if case .died(let signal) = error.kind { return silent("signal \(signal) ended \(name)") }
            return silent(error.lastLines.last { !$0.trimmed.isEmpty }?.trimmed ?? error.description)
        }
        guard finished.isSuccess else {
            return silent(finished.reason.isEmpty ? "\(name) fails and does not say why" : finished.reason)
        }
        // It answered, but not there.
        if endpoint.flatMap(socketObstacle) != nil { endpoint = nil }
        let service = dialect.service
        let words = service.introducesVersion ? finished.firstWords : []
        let version =
            service.introducesVersion ? words.first : service.readVersion(try await ask(service.version).firstWords)
        let files = [executable] + (UnixSocket.path(in: endpoint).map { [$0] } ?? []) + service.settings(environment)
        let stamps = files.map { ($0.string, EngineFinding.stamp($0)) }
        return .found(
            EngineFinding(
                dialect: dialect, program: executable, version: version.flatMap { $0.isEmpty ? nil : $0 } ?? "unknown",
                architecture: words.dropFirst().first, endpoint: endpoint,
                apiVersion: surroundings.cached("docker.api"), variables: EngineFinding.variables(environment),
                stamps: Dictionary(stamps) { first, _ in first }))
    }

    /// The first file of settings at which the engine would wait for ever; nil where there is none.
    private var settingsObstacle: String? {
        for file in dialect.service.settings(environment) {
            guard let kind = ((try? FileStatus.of(file, followLinks: true)) ?? nil)?.kind else { continue }
            if kind != .file, kind != .directory { return "cannot read \(file): \(kind.complaint)" }
        }
        return nil
    }

    /// What stands against a connection to the engine's service, where its address is a socket of this machine.
    private func socketObstacle(_ endpoint: String) -> Introduction? {
        guard let path = UnixSocket.path(in: endpoint), let obstacle = UnixSocket.obstacle(path) else { return nil }
        let (title, isForbidden) = (dialect.service.title, obstacle == .permissionDenied)
        let reason = isForbidden ? "this user may not connect to \(title) at" : "\(title) does not answer at"
        return .silent(
            EngineSearch.Attempt(
                dialect: dialect, reason: "\(reason) unix://\(path)", isAbsent: false,
                remedy: dialect.service.remedy(path, isForbidden, environment)))
    }

    /// Where the engine's service listens; nil where it has none.
    private func endpoint() async -> String? {
        if let host = environment[dialect.service.variable] { return host }
        guard let question = dialect.service.address else { return nil }
        let answer = try? await execute(question, silence: limits.question)
        let host = answer.flatMap { $0.isSuccess ? $0.lines.first?.trimmed : nil } ?? ""
        return host.contains("://") ? host : nil
    }
}
