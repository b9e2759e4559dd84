import Context
import Git
import Records

extension OSImage {
    /// Reads what decides the image, and only that: templates, the files that they name, the lock file.
    ///
    /// Neither network nor root is needed. It blocks its thread.
    ///
    /// - Parameters:
    ///   - request: The image; its context is the root.
    ///   - repository: The repository around it; nil outside of one.
    ///   - caches: Where digests are remembered.
    public static func compute(
        _ request: ImageRequest, repository: Repository?, caches: InputCaches = InputCaches()
    ) throws(InputsError) -> OSImage {
        try OSComputation(request: request, repository: repository, caches: OpenCaches(caches)).run()
    }

    /// Reads every file again, trusting neither index nor caches, and gives those whose content is not what was believed.
    public func verify(repository: Repository?) throws(InputsError) -> [Reason] {
        let fresh = try OSComputation(
            request: request, repository: repository, caches: OpenCaches(InputCaches(), trustsNothing: true)
        ).run()
        return fresh.inputs.record.reasons(since: inputs.record)
    }
}
