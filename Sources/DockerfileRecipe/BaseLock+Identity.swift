import Dockerfile
import Records

extension BaseLock {
    /// What stands in the key for a base image: its content id, else its reference (rules 36, 37).
    func identity(_ reference: BaseReference) -> BaseIdentity {
        self[reference.reference, reference.platform].map { .content($0.contentID) } ?? .reference(reference.reference)
    }

    /// What the evaluation of a Dockerfile needs to know of a base image; nil where nothing is locked.
    func image(_ reference: BaseReference) -> BaseImage? {
        guard let entry = self[reference.reference, reference.platform] else { return nil }
        return BaseImage(
            environment: entry.environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" },
            workingDirectory: entry.workingDirectory, user: entry.user, shell: entry.shell, onBuild: entry.onBuild)
    }
}
