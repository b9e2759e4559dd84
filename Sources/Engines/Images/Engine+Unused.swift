import Hashing

extension Engine {
    /// The ids of the images that containers are made of, running or not.
    package func imagesInUse() async throws -> Set<String> {
        let verbs = dialect.containers.images
        var finished = try await ask(verbs.list)
        guard finished.isSuccess else { throw failure("list", "the containers of \(name)", finished) }
        if let inspect = verbs.inspect {
            let containers = finished.lines.map(\.trimmed).filter { !$0.isEmpty }
            if containers.isEmpty { return [] }
            finished = try await ask(inspect(containers))
            // One that has gone meanwhile is told of as a failure; who wants to remove an image asks once more.
            guard finished.isSuccess else { throw failure("look up", "the containers of \(name)", finished) }
        }
        return Set(finished.lines.compactMap { SHA256Digest(imageID: $0.trimmed)?.hexadecimal })
    }

    /// Removes an image that no container and no other image needs; false where the engine keeps it.
    package func removeUnused(_ id: String) async throws -> Bool {
        try await ask(dialect.images.removeUnused(id)).isSuccess
    }
}
