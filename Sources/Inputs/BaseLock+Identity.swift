import Dockerfile

extension BaseLock {
    /// What stands in the key for a base image: its content id, else its reference (rules 36, 37).
    func identity(_ reference: BaseReference) -> String {
        self[reference.name, reference.platform]?.contentID ?? reference.name
    }

    /// What the evaluation of a Dockerfile needs to know of a base image; nil where nothing is locked.
    func image(_ reference: BaseReference) -> BaseImage? {
        guard let entry = self[reference.name, reference.platform] else { return nil }
        return BaseImage(
            environment: entry.environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" },
            workingDirectory: entry.workingDirectory, user: entry.user, shell: entry.shell, onBuild: entry.onBuild)
    }
}
