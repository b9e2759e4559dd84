import Programs
import SystemPackage

/// The one place where it is decided which engine is used: the one that is wanted, else the first that answers.
public struct EngineSearch: Sendable {
    /// An engine that was asked in vain, or whose program is not there.
    public struct Attempt: Hashable, Sendable {
        /// Which engine it was.
        public let dialect: Dialect
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
        public let wanted: Dialect?
        /// The engine that is used; nil where none answers.
        public let finding: EngineFinding?
        /// Whether that was known, so that no engine had to be asked.
        public let isRemembered: Bool
        /// The engines that were tried before, and why each did not do.
        public let attempts: [Attempt]
    }

    /// The engine that is wanted; nil for the first that answers.
    public let wanted: Dialect?
    /// The environment in which it runs; its PATH is searched.
    public let environment: [String: String]
    /// How long an engine may take to answer.
    public var patience = Duration.seconds(10)
    /// Whether engines are asked although one is remembered.
    public var asksAnew = false

    /// Describes a search.
    public init(_ wanted: Dialect?, environment: [String: String]) {
        self.wanted = wanted
        self.environment = environment
    }

    private var question: String { wanted?.name ?? "auto" }

    /// Looks the engine up in what is remembered, else asks one after the other, and remembers which one answered.
    public func run() async throws -> Answer {
        let notebook = EngineNotebook(environment)
        if !asksAnew, let entry = notebook.entry(question, environment) {
            return Answer(wanted: wanted, finding: entry.finding, isRemembered: true, attempts: entry.attempts)
        }
        var attempts: [Attempt] = []
        for dialect in wanted.map({ [$0] }) ?? Dialect.all {
            guard let program = ProgramSearch.find(dialect.name, environment: environment) else {
                attempts.append(Attempt(dialect: dialect, reason: "not on PATH", isAbsent: true, remedy: nil))
                continue
            }
            var engine = Engine(dialect, executable: program, environment: environment)
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
    public var absent: Dialect? {
        guard finding == nil else { return nil }
        let installable = wanted ?? .preferred
        // A program is nothing without its daemon, which is the administrator's to set up.
        let isAbsent = attempts.contains { $0.dialect == installable && $0.isAbsent }
        return isAbsent && !installable.service.hasDaemon ? installable : nil
    }

    /// What is to be said where no engine answers.
    public var error: EngineError {
        let isAbsent = attempts.allSatisfy(\.isAbsent)
        let remedy = attempts.compactMap(\.remedy).first
        if let wanted, let attempt = attempts.first {
            return isAbsent
                ? EngineError(
                    .notFound, "cannot find \(wanted): it is not on PATH",
                    hint: "install \(wanted), or name another engine with --engine")
                : EngineError(
                    .unreachable, "cannot reach \(wanted): \(attempt.reason)",
                    hint: remedy ?? "name another engine with --engine")
        }
        let reasons = attempts.map { "\($0.dialect): \($0.reason)" }.joined(separator: "; ")
        let install = absent == nil ? nil : "install \(Dialect.preferred)"
        let hints = [install, remedy].compactMap { $0 }
        return EngineError(
            isAbsent ? .notFound : .unreachable, "cannot find a container engine that answers: \(reasons)",
            hint: hints.isEmpty ? nil : hints.joined(separator: ", or: "))
    }
}
