import Context
import Git
import Records

extension DockerfileImage {
    /// Reads every file again, trusting neither index nor caches, and gives those whose content is not what was believed.
    ///
    /// None means that the key is that of the files.
    public func verify(repository: Repository?) throws(InputsError) -> [Reason] {
        var computation = InputsComputation(
            request, repository: repository, bases: bases, caches: InputCaches(), trustsNothing: true)
        let fresh = try computation.run { _ in nil }
        return fresh.inputs.record.reasons(since: inputs.record)
    }
}
