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
            var lines: [String] = []
            for start in stride(from: 0, to: containers.count, by: 200) {
                finished = try await ask(inspect(Array(containers[start..<min(start + 200, containers.count)])))
                // One that has gone meanwhile uses nothing; the others are told of all the same.
                guard finished.isSuccess || finished.says(["no such container", "no such object"]) else {
                    throw failure("look up", "the containers of \(name)", finished)
                }
                lines += finished.lines
            }
            return Self.ids(lines)
        }
        return Self.ids(finished.lines)
    }

    private static func ids(_ lines: [String]) -> Set<String> {
        Set(lines.compactMap { SHA256Digest(imageID: $0.trimmed)?.hexadecimal })
    }

    /// Removes an image that no container and no other image needs; false where the engine keeps it.
    package func removeUnused(_ id: String) async throws -> Bool {
        let arguments = dialect.images.removeUnused(id)
        let finished = try await ask(arguments)
        // podman knows `--no-prune` from 4.3 on.
        if !finished.isSuccess, finished.says(["unknown flag: --no-prune"]) {
            return try await ask(arguments.filter { $0 != "--no-prune" }).isSuccess
        }
        return finished.isSuccess
    }
}
