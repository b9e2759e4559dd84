import Hashing
import JSON
import OCI

extension ArchiveIndex {
    /// The images of the archive, in its order: those of Docker's manifest, else those of the OCI index.
    func images() throws -> [StoredImage] {
        let images: [StoredImage]
        if parts["manifest.json"] != nil {
            images = try dockerImages()
        } else if parts["index.json"] != nil {
            images = try ociImages(try json("index.json"), names: [], depth: 0)
        } else {
            throw fileSystemProblem ?? corrupt("it is no image archive: it holds neither manifest.json nor index.json")
        }
        if images.isEmpty { throw corrupt("it holds no image") }
        return images
    }

    /// The image of that name; where the archive holds one image, that one, whatever its name.
    ///
    /// Of several images for several platforms, the one for `platform` is taken.
    func image(named name: ImageName?, platform: Platform = .host) throws -> StoredImage {
        let images = try images()
        var candidates = images
        if images.count > 1, let name {
            candidates = images.filter { $0.isNamed(name) }
            // One index for several platforms, under another name.
            if candidates.isEmpty, Set(images.map(\.names)).count == 1,
                Set(images.map(\.config.platform)).count == images.count
            {
                candidates = images
            }
        }
        if candidates.count > 1 {
            let fitting = candidates.filter { $0.config.platform == platform }
            if !fitting.isEmpty { candidates = fitting }
        }
        if candidates.count > 1, Set(candidates.map(\.config.digest)).count == 1 { candidates = [candidates[0]] }
        if candidates.count == 1 { return candidates[0] }
        let names = images.map { $0.names.first ?? $0.config.digest.short }
        let list = names.joined(separator: ", ")
        if candidates.isEmpty {
            throw ArchiveError(
                .selection, "cannot read \(self.name): it holds \(list), not \(name?.description ?? "it")")
        }
        throw ArchiveError(
            .selection, "cannot read \(self.name): it holds \(images.count) images (\(list)); name one of them")
    }

    // MARK: Docker's manifest.json

    private func dockerImages() throws -> [StoredImage] {
        guard let entries = try json("manifest.json").array else { throw corrupt("manifest.json is no array") }
        return try entries.map { entry in
            guard let configName = entry["Config"]?.string, entry["Layers"]?.array != nil || entry["Layers"] == .null
            else { throw corrupt("manifest.json names no config or no layers") }
            let config = try imageConfig(configName, claim: Self.claimedDigest(configName))
            let names = try strings(entry["Layers"], "Layers")
            return StoredImage(
                config: config,
                layers: try layers(
                    config,
                    names.map { (member: $0, blob: $0.hasPrefix("blobs/") ? Self.claimedDigest($0) : nil, size: nil) }),
                names: try strings(entry["RepoTags"], "RepoTags"))
        }
    }

    private func strings(_ value: JSONValue?, _ what: String) throws -> [String] {
        guard let value, value != .null else { return [] }
        guard let array = value.array else { throw corrupt("\(what) of manifest.json is no array") }
        return try array.map { element in
            guard let string = element.string else { throw corrupt("\(what) of manifest.json holds \(element.text)") }
            return string
        }
    }

    // MARK: The OCI index

    /// The images of an index and of the indexes below it.
    ///
    /// https://github.com/opencontainers/image-spec/blob/main/image-layout.md
    private func ociImages(_ index: JSONValue, names: [String], depth: Int) throws -> [StoredImage] {
        guard depth < 4, let manifests = index["manifests"]?.array else {
            throw corrupt("its index lists no manifests")
        }
        return try manifests.flatMap { json -> [StoredImage] in
            guard let descriptor = Descriptor(json) else { throw corrupt("its index holds a bad descriptor") }
            if descriptor.annotations["vnd.docker.reference.type"] == "attestation-manifest" { return [] }
            let own = ["io.containerd.image.name", "org.opencontainers.image.ref.name"]
                .compactMap { descriptor.annotations[$0] }
            let names = own.isEmpty ? names : own
            let document = try blobJSON(descriptor)
            if MediaType.isIndex(descriptor.mediaType) || document["manifests"] != nil {
                return try ociImages(document, names: names, depth: depth + 1)
            }
            return [try ociImage(document, names: names)]
        }
    }

    private func ociImage(_ manifest: JSONValue, names: [String]) throws -> StoredImage {
        guard let configDescriptor = manifest["config"].flatMap({ Descriptor($0) }),
            let list = manifest["layers"]?.array
        else { throw corrupt("a manifest names no config or no layers") }
        let member = CanonicalWriter.member(configDescriptor.digest)
        if try part(member).size != configDescriptor.size {
            throw corrupt("\(member) does not have the size that its descriptor says")
        }
        let config = try imageConfig(member, claim: configDescriptor.digest)
        let descriptors = try list.map { json -> (member: String, blob: SHA256Digest?, size: Int64?) in
            guard let layer = Descriptor(json) else { throw corrupt("a manifest holds a bad descriptor") }
            return (CanonicalWriter.member(layer.digest), layer.digest, layer.size)
        }
        return StoredImage(config: config, layers: try layers(config, descriptors), names: names)
    }

    private func blobJSON(_ descriptor: Descriptor) throws -> JSONValue {
        let member = CanonicalWriter.member(descriptor.digest)
        let bytes = try document(member)
        guard Int64(bytes.count) == descriptor.size, SHA256Digest(of: bytes) == descriptor.digest else {
            throw corrupt("\(member) is damaged: it is not what its descriptor says")
        }
        return try json(member)
    }

    // MARK: Both

    /// Reads a config whose digest is told, or believed.
    func imageConfig(_ member: String, claim: SHA256Digest?) throws -> ImageConfig {
        let bytes = try document(member)
        let digest = SHA256Digest(of: bytes)
        if let claim, claim != digest { throw corrupt("\(member) is damaged: its digest is \(digest)") }
        do {
            let config = try ImageConfig(bytes: bytes)
            try count(config.json)
            return config
        } catch let error as OCIError {
            throw corrupt("\(error)")
        }
    }

    private func layers(
        _ config: ImageConfig, _ list: [(member: String, blob: SHA256Digest?, size: Int64?)]
    ) throws -> [StoredImage.Layer] {
        if list.count != config.diffIDs.count {
            throw corrupt("image \(config.digest) has \(config.diffIDs.count) layers, its manifest \(list.count)")
        }
        return try zip(config.diffIDs, list).map { diffID, layer in
            let part = try part(layer.member)
            if let size = layer.size, size != part.size {
                throw corrupt("\(layer.member) has \(part.size) bytes, its descriptor says \(size)")
            }
            let start = try start(of: part)
            let compression = start.withUnsafeBytes { Compression(detecting: $0) }
            return StoredImage.Layer(diffID: diffID, part: part, compression: compression, blob: layer.blob)
        }
    }
}
