import OCI

extension Engine {
    /// Fetches an image from its registry; nil where the engine has it under another name only.
    ///
    /// - Parameters:
    ///   - reference: what to fetch, `NAME:TAG` or `NAME@DIGEST`.
    ///   - platform: for which platform.
    public func pull(_ reference: String, platform: Platform) async throws -> EngineImage? {
        var arguments = ["pull", "--quiet"]
        if kind != .buildah || platform != .linuxAMD64 { arguments += ["--platform", platform.description] }
        let finished = try await execute(
            arguments + [reference], environment: apiEnvironment, silence: limits.transfer)
        try await check(finished)
        guard finished.isSuccess else { throw failure("pull", reference, finished) }
        return try await image(reference)
    }
}
