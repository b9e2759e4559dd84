import OCI

extension Engine {
    /// Fetches an image from its registry; nil where the engine has it under another name only.
    ///
    /// - Parameters:
    ///   - reference: what to fetch, `NAME:TAG` or `NAME@DIGEST`.
    ///   - platform: for which platform.
    public func pull(_ reference: String, platform: Platform) async throws -> EngineImage? {
        let finished = try await execute(
            dialect.images.pull(reference, platform), environment: apiEnvironment, silence: limits.transfer)
        try await check(finished)
        guard finished.isSuccess else { throw failure("pull", reference, finished) }
        return try await image(reference)
    }
}
