import Hashing
import JSON
import OCI
import SystemCalls
import SystemPackage

extension Engine {
    /// Whether the engine holds an image of this id (64 hexadecimal digits) or name.
    public func exists(_ reference: String) async throws -> Bool {
        switch kind {
        case .podman:
            let finished = try await ask(["image", "exists", reference])
            if finished.isSuccess { return true }
            if finished.ending == .exited(1) { return false }
            throw failure("look up", reference, finished)
        case .docker, .buildah: return try await !inspect([reference]).isEmpty
        }
    }

    /// The image of that name, in whichever spelling the engine knows it; nil where there is none.
    public func image(named name: ImageName) async throws -> EngineImage? {
        let images = try await inspect(kind == .docker ? name.spellings : name.hostSpellings)
        for spelling in name.spellings {
            for image in images where image.names.contains(spelling) { return image }
        }
        return images.first
    }

    /// The image of this id or name; nil where there is none.
    public func image(_ reference: String) async throws -> EngineImage? {
        try await inspect([reference]).first
    }

    /// All images that have a name, with their names.
    public func list() async throws -> [(id: String, names: [String])] {
        let arguments =
            kind == .docker
            ? ["image", "ls", "--no-trunc", "--format", "{{.ID}} {{.Repository}}:{{.Tag}}"]
            : ["images", "--no-trunc", "--format", "{{.ID}} {{.Name}}:{{.Tag}}"]
        let podman = ["images", "--no-trunc", "--format", "{{.ID}} {{.Repository}}:{{.Tag}}"]
        let finished = try await ask(kind == .podman ? podman : arguments)
        guard finished.isSuccess else { throw failure("list", "the images of \(name)", finished) }
        var order: [String] = []
        var names: [String: [String]] = [:]
        for line in finished.lines {
            let words = line.split(separator: " ")
            guard words.count == 2, let id = SHA256Digest(imageID: words[0])?.hexadecimal else { continue }
            if names[id] == nil { order.append(id) }
            if !words[1].contains("<none>") { names[id, default: []].append(String(words[1])) }
            names[id, default: []] += []
        }
        return order.map { ($0, names[$0] ?? []) }
    }

    /// Gives an image a name; another image that had it loses it.
    public func tag(_ reference: String, as name: ImageName) async throws {
        let spelling = kind == .docker ? name.description : name.localSpelling
        let finished = try await ask(["tag", reference, spelling])
        guard finished.isSuccess else { throw failure("tag", "\(reference) as \(name)", finished) }
    }

    /// Removes a name, or an image by its id; what is not there is no error.
    ///
    /// - Returns: whether something was removed.
    @discardableResult
    public func remove(_ reference: String) async throws -> Bool {
        let finished = try await ask(kind == .buildah ? ["rmi", reference] : ["image", "rm", reference])
        if finished.isSuccess { return true }
        if finished.says("no such image", "image not known", "not found", "could not find") { return false }
        throw failure("remove", reference, finished)
    }

    // MARK: Looking up

    private func inspect(_ references: [String]) async throws -> [EngineImage] {
        if kind == .buildah { return try await inspectWithBuildah(references) }
        let finished = try await ask(["image", "inspect"] + references)
        if !finished.isSuccess, !finished.says("no such image", "image not known", "not known") {
            throw failure("look up", references[0], finished)
        }
        if finished.outputBytes.isEmpty { return [] }
        var images: [EngineImage] = []
        for element in try json(finished).array ?? [] {
            let id = element["Id"]?.string ?? ""
            let config = kind == .podman ? try await storedConfig(id) : nil
            if let image = EngineImage(inspected: element, config: config) { images.append(image) }
        }
        return images
    }

    private func inspectWithBuildah(_ references: [String]) async throws -> [EngineImage] {
        var images: [EngineImage] = []
        for reference in references {
            let finished = try await ask(["inspect", "--type", "image", reference])
            guard finished.isSuccess else {
                if finished.says("image not known", "no such image", "locating image", "not found") { continue }
                throw failure("look up", reference, finished)
            }
            let json = try json(finished)
            let id = json["FromImageID"]?.string.flatMap { SHA256Digest(imageID: $0) }?.hexadecimal
            let names = try await list().first { $0.id == id }?.names ?? []
            if let image = EngineImage(buildah: json, names: names, size: 0) { images.append(image) }
        }
        return images
    }

    /// The config of an image in podman's store; `podman image inspect` tells neither SHELL nor ONBUILD.
    ///
    /// Nil where the store cannot be read, as with a remote podman.
    private func storedConfig(_ id: String) async throws -> ImageConfig? {
        guard environment["CONTAINER_HOST"] == nil, let digest = SHA256Digest(hexadecimal: id) else { return nil }
        let fact = "podman.images \(storeIdentity)"
        for isAskedAgain in [false, true] {
            var folder = surroundings.fact(fact)
            if folder == nil || isAskedAgain {
                let format = "{{.Store.GraphRoot}}/{{.Store.GraphDriverName}}-images"
                let finished = try await ask(["info", "--format", format])
                folder = finished.isSuccess ? finished.lines.first : nil
                if let folder { surroundings.remember(fact, folder) }
            }
            guard let folder else { return nil }
            let name = "=" + Self.base64(Array(digest.description.utf8))
            let path = FilePath(folder).appending(id).appending(name)
            if let bytes = try? Files.read(path, limit: 4 << 20), let config = try? ImageConfig(bytes: bytes),
                config.digest == digest
            {
                return config
            }
        }
        return nil
    }

    private static func base64(_ bytes: [UInt8]) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        var text = ""
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let value = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for index in 0..<4 {
                text.append(index <= group.count ? alphabet[value >> (18 - 6 * index) & 63] : "=")
            }
        }
        return text
    }
}
