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

    /// Whether the engine has this version or a later one; so it counts where its version cannot be read.
    func isAtLeast(_ major: Int, _ minor: Int) async -> Bool {
        let text = (try? await version())?.split(separator: " ").last ?? ""
        let numbers: [Int?]? = text.split(separator: ".").prefix(2).map { Int($0) }
        guard let numbers, numbers.count == 2, let own = numbers[0], let second = numbers[1] else { return true }
        return (own, second) >= (major, minor)
    }
}
