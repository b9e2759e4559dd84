import Archive
import Hashing
import JSON
import OCI
import SystemCalls
import SystemPackage

/// An OCI layout into which an engine writes an image, with empty files in place of the layers that are not wanted.
///
/// The engine's library only asks whether a file of that name is there. The files have holes for content and take no
/// room. What the engine writes is not believed.
///
/// https://github.com/opencontainers/image-spec/blob/main/image-layout.md
struct SparseLayout {
    /// The layout's folder, which is there.
    let folder: FilePath

    private var blobs: FilePath { folder.appending("blobs").appending("sha256") }
    private func blob(_ digest: SHA256Digest) -> FilePath { blobs.appending(digest.hexadecimal) }

    /// Makes the layout, with a place holder for each of these layers.
    func prepare(without spared: [SHA256Digest: Int64]) throws {
        try Files.createDirectories(blobs)
        try write("oci-layout", ["imageLayoutVersion": "1.0.0"])
        try write("index.json", ["schemaVersion": 2, "manifests": []])
        for (digest, size) in spared {
            let descriptor = try Files.create(blob(digest))
            defer { try? descriptor.close() }
            try Files.resize(descriptor, to: size, named: blob(digest).string)
        }
    }

    private func write(_ name: String, _ json: JSONValue) throws {
        let descriptor = try Files.create(folder.appending(name))
        defer { try? descriptor.close() }
        try Files.write(Array(json.text.utf8), to: descriptor, named: name)
    }

    /// The files of the wanted layers of the one image that was written, by the digests of their content.
    func layers(of config: ImageConfig, wanted: [SHA256Digest: Int64]) throws -> [SHA256Digest: LayerFile] {
        let manifests = try read(folder.appending("index.json"))["manifests"]?.array ?? []
        guard manifests.count == 1, let manifest = Descriptor(manifests[0]),
            let layers = try read(blob(manifest.digest))["layers"]?.array?.map({ Descriptor($0) }),
            layers.count == config.diffIDs.count
        else { throw corrupt("it does not hold the image") }
        var files: [SHA256Digest: LayerFile] = [:]
        for (diffID, layer) in zip(config.diffIDs, layers) {
            guard let size = wanted[diffID] else { continue }
            guard let layer else { throw corrupt("a manifest holds a bad descriptor") }
            files[diffID] = LayerFile(blob(layer.digest), digest: layer.digest, size: size)
        }
        return files
    }

    private func read(_ path: FilePath) throws -> JSONValue {
        guard let bytes = try Files.readPlain(path, limit: Int(InputLimit.imageDocument)) else {
            throw corrupt("\(path.lastComponent?.string ?? "a file") is missing")
        }
        do {
            return try JSONValue(parsing: bytes)
        } catch { throw corrupt("\(path.lastComponent?.string ?? "a file") is \(error)") }
    }

    private func corrupt(_ reason: String) -> ArchiveError {
        ArchiveError(.corrupt, "cannot read the layout \(folder): \(reason)")
    }
}
