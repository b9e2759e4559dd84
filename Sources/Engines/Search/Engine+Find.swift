extension Engine {
    /// Finds the engine: the preferred one, else the first of `Dialect.all` that answers.
    ///
    /// - Parameters:
    ///   - preferred: the engine that a flag, the environment or the configuration names; nil to look for one.
    ///   - environment: the environment in which it runs; its PATH is searched.
    ///   - note: told what was done to suit this machine.
    ///   - warn: told what containers do without here, with the next command, each time.
    public static func find(
        preferred: Dialect?, environment: [String: String], note: @escaping @Sendable (String) -> Void = { _ in },
        warn: @escaping @Sendable (String, String?) -> Void = { _, _ in }
    ) async throws -> Engine {
        let answer = try await EngineSearch(preferred, environment: environment).run()
        guard let finding = answer.finding else { throw answer.error }
        return Engine(finding, environment: environment, note: note, warn: warn)
    }
}
