import Glibc
import Programs
import SystemCalls
import SystemPackage

/// The one place where it is decided which engine is used: the one that is wanted, else the first that answers.
public struct EngineSearch: Sendable {
    /// An engine that was asked in vain, or whose program is not there.
    public struct Attempt: Hashable, Sendable {
        /// Which engine it was.
        public let kind: Engine.Kind
        /// Why it did not do.
        public let reason: String
        /// Whether its program is not on PATH.
        public let isAbsent: Bool
        /// The command that would make it answer, where that can be told.
        public let remedy: String?
    }

    /// What a search came to.
    public struct Answer: Sendable {
        /// The engine that was asked for; nil for whichever answers.
        public let wanted: Engine.Kind?
        /// The engine that is used; nil where none answers.
        public let finding: EngineFinding?
        /// Whether that was known, so that no engine had to be asked.
        public let isRemembered: Bool
        /// The engines that were tried before, and why each did not do.
        public let attempts: [Attempt]
    }

    /// The engine that is wanted; nil for the first that answers.
    public let wanted: Engine.Kind?
    /// The environment in which it runs; its PATH is searched.
    public let environment: [String: String]
    /// How long an engine may take to answer.
    public var patience = Duration.seconds(10)

    /// Describes a search.
    public init(_ wanted: Engine.Kind?, environment: [String: String]) {
        self.wanted = wanted
        self.environment = environment
    }

    private var question: String { wanted?.rawValue ?? "auto" }

    /// Looks the engine up in what is remembered, else asks one after the other, and remembers which one answered.
    public func run() async throws -> Answer {
        let notebook = EngineNotebook(environment)
        if let entry = notebook.entry(question, environment) {
            return Answer(wanted: wanted, finding: entry.finding, isRemembered: true, attempts: entry.attempts)
        }
        var attempts: [Attempt] = []
        for kind in wanted.map({ [$0] }) ?? Engine.Kind.allCases {
            guard let program = ProgramSearch.find(kind.rawValue, environment: environment) else {
                attempts.append(Attempt(kind: kind, reason: "not on PATH", isAbsent: true, remedy: nil))
                continue
            }
            var engine = Engine(kind: kind, executable: program, environment: environment)
            engine.limits.question = patience
            switch try await engine.introduction() {
            case .found(let finding):
                notebook.remember(.init(wanted: question, finding: finding, attempts: attempts))
                return Answer(wanted: wanted, finding: finding, isRemembered: false, attempts: attempts)
            case .silent(let attempt): attempts.append(attempt)
            }
        }
        return Answer(wanted: wanted, finding: nil, isRemembered: false, attempts: attempts)
    }
}

extension EngineSearch.Answer {
    /// The engine whose program would have to be installed for one to answer; nil where that would not help.
    public var absent: Engine.Kind? {
        guard finding == nil else { return nil }
        let installable: Engine.Kind? = wanted ?? .podman
        // Docker's program is nothing without its daemon, which is the administrator's to set up.
        return installable != .docker && attempts.contains { $0.kind == installable && $0.isAbsent } ? installable : nil
    }

    /// What is to be said where no engine answers.
    public var error: EngineError {
        let isAbsent = attempts.allSatisfy(\.isAbsent)
        let remedy = attempts.compactMap(\.remedy).first
        if let wanted, let attempt = attempts.first {
            return isAbsent
                ? EngineError(
                    .notFound, "cannot find \(wanted.rawValue): it is not on PATH",
                    hint: "install \(wanted.rawValue), or name another engine with --engine")
                : EngineError(
                    .unreachable, "cannot reach \(wanted.rawValue): \(attempt.reason)",
                    hint: remedy ?? "name another engine with --engine")
        }
        let reasons = attempts.map { "\($0.kind.rawValue): \($0.reason)" }.joined(separator: "; ")
        let install = absent == nil ? nil : "install podman"
        return EngineError(
            isAbsent ? .notFound : .unreachable, "cannot find a container engine that answers: \(reasons)",
            hint: [install, remedy].compactMap { $0 }.joined(separator: ", or: "))
    }
}

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
                ?? .silent(EngineSearch.Attempt(kind: kind, reason: reason, isAbsent: false, remedy: nil))
        }
        let finished: Finished
        do {
            finished = try await ask(question)
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
        let words = (finished.lines.first ?? "").split(separator: " ").map(String.init)
        var version = words.first
        if kind == .buildah {
            let answer = try await ask(["--version"])
            version = (answer.lines.first ?? "").split(separator: " ").dropFirst(2).first.map(String.init)
        }
        var files = [executable] + (UnixSocket.path(in: endpoint).map { [$0] } ?? [])
        if kind == .docker, let folder = environment["DOCKER_CONFIG"] ?? environment["HOME"].map({ $0 + "/.docker" }) {
            files.append(FilePath(folder).appending("config.json"))
        }
        let stamps = files.map { ($0.string, EngineFinding.stamp($0)) }
        return .found(
            EngineFinding(
                kind: kind, program: executable, version: version.flatMap { $0.isEmpty ? nil : $0 } ?? "unknown",
                architecture: kind == .buildah ? nil : words.dropFirst().first, endpoint: endpoint,
                apiVersion: surroundings.cached("docker.api"), variables: EngineFinding.variables(environment),
                stamps: Dictionary(stamps) { first, _ in first }))
    }

    /// What stands against a connection to the engine's service, where its address is a socket of this machine.
    private func socketObstacle(_ endpoint: String) -> Introduction? {
        guard let path = UnixSocket.path(in: endpoint), let obstacle = UnixSocket.obstacle(path) else { return nil }
        let service = kind == .docker ? "the daemon" : "the service"
        let isForbidden = obstacle == .permissionDenied
        let reason =
            isForbidden ? "this user may not speak to \(service) at" : "\(service) does not answer at"
        var remedy: String?
        if kind == .docker {
            remedy =
                isForbidden
                ? "sudo usermod -aG docker \"$USER\", then log in again" : Self.startingDocker(path, environment)
        }
        return .silent(
            EngineSearch.Attempt(kind: kind, reason: "\(reason) unix://\(path)", isAbsent: false, remedy: remedy))
    }

    /// The question whose answer shows that the engine works.
    private var question: [String] {
        switch kind {
        case .podman: ["info", "--format", "{{.Version.Version}} {{.Host.Arch}}"]
        case .docker: ["version", "--format", "{{.Server.Version}} {{.Server.Arch}}"]
        case .buildah: ["info"]
        }
    }

    /// Where the engine's service listens; nil where it has none.
    private func endpoint() async -> String? {
        guard kind == .docker else { return environment["CONTAINER_HOST"] }
        if let host = environment["DOCKER_HOST"] { return host }
        // A context chosen with `docker context use` stands in the client's own files.
        let answer = try? await execute(
            ["context", "inspect", "--format", "{{.Endpoints.docker.Host}}"], silence: limits.question)
        let host = answer.flatMap { $0.isSuccess ? $0.lines.first?.trimmed : nil } ?? ""
        return host.contains("://") ? host : nil
    }

    /// The command that starts the daemon behind a socket.
    private static func startingDocker(_ path: FilePath, _ environment: [String: String]) -> String {
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
