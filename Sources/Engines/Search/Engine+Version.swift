extension Engine {
    /// The engine and its version, such as `podman 4.3.1`; asked once.
    public func version() async throws -> String {
        if let version = surroundings.cached("version") { return version }
        let finished = try await ask(dialect.service.version)
        guard finished.isSuccess else { throw failure("ask", "\(name) for its version", finished) }
        let version = "\(name) \(dialect.service.readVersion(finished.firstWords) ?? "unknown")"
        surroundings.cache("version", version)
        return version
    }
}
