import Context
import Git
import Records

extension DockerfileImage {
    /// Reads every file again, trusting neither index nor caches, and gives those whose content is not what was believed.
    ///
    /// None means that the key is that of the files.
    public func verify(repository: Repository?) throws(InputsError) -> [Reason] {
        let fresh = try InputsComputation(
            request, repository: repository, lock: lock, caches: InputCaches(), trustsNothing: true
        ).run()
        return fresh.inputs.record.reasons(since: inputs.record)
    }
}
