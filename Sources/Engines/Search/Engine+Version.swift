extension Engine {
    /// The engine and its version, such as `podman 4.3.1`; asked once.
    public func version() async throws -> String {
        if let version = surroundings.cached("version") { return version }
        let arguments = kind == .docker ? ["version", "--format", "{{.Server.Version}}"] : ["--version"]
        let finished = try await ask(arguments)
        guard finished.isSuccess else { throw failure("ask", "\(name) for its version", finished) }
        let words = (finished.lines.first ?? "").split(separator: " ")
        let number = kind == .docker ? words.first : words.drop { $0 != "version" }.dropFirst().first
        let version = "\(name) \(number.map(String.init) ?? "unknown")"
        surroundings.cache("version", version)
        return version
    }
}
