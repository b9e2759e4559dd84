extension Engine {
    /// Fetches an image from its registry; nil where the engine has it under another name only.
    ///
    /// - Parameters:
    ///   - reference: what to fetch, `NAME:TAG` or `NAME@DIGEST`.
    ///   - platform: `OS/ARCH[/VARIANT]`.
    public func pull(_ reference: String, platform: String) async throws -> EngineImage? {
        var arguments = ["pull", "--quiet"]
        if kind != .buildah || platform != "linux/amd64" { arguments += ["--platform", platform] }
        let finished = try await adapting { arguments, environment in
            try await execute(arguments, environment: environment, silence: limits.transfer)
        }(arguments + [reference])
        guard finished.isSuccess else { throw failure("pull", reference, finished) }
        return try await image(reference)
    }
}
