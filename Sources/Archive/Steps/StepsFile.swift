import Glibc
import Hashing
import JSON
import OCI
import SystemCalls
import SystemPackage

/// An open steps archive beside the archive of its image, of which all but the content of layers was checked.
public struct StepsFile: Sendable {
    /// The open file; `close` closes it.
    let descriptor: FileDescriptor
    /// The archive's length.
    public let size: Int64
    /// The images that its manifest names, in that order, the image itself among them.
    public let images: [StepImage]
    let layers: [StoredImage.Layer]
    private let config: ImageConfig
    private let path: FilePath

    /// Opens a steps archive and checks configs, manifest, headers, fill and end.
    ///
    /// - Parameters:
    ///   - path: The steps archive.
    ///   - config: The config of the image whose archive stands beside it.
    public init(_ path: FilePath, beside config: ImageConfig) throws(ArchiveError) {
        let parts = try ImageArchive(path).withIndex(spool: nil, mustBePlain: true) { index in
            let images = try index.stepImages(beside: config)
            let content = StepContent(images, beside: config)
            let layers = try content.layers.map { digest in
                StoredImage.Layer(
                    diffID: digest, part: try index.part(CanonicalWriter.member(digest)), compression: .none, blob: nil)
            }
            try index.checkFrame(layers: layers, documents: content.documents)
            return (try index.duplicate(), try index.length(), images, layers)
        }
        (descriptor, size, images, layers) = parts
        self.config = config
        self.path = path
    }

    var index: ArchiveIndex { ArchiveIndex(descriptor: descriptor, name: path.string) }

    /// Reads it to its last byte: every layer against its digest, every other byte against the form; its digest.
    public func verify() throws(ArchiveError) -> SHA256Digest {
        try ArchiveError.wrapping {
            let writer = CanonicalWriter(.comparing(descriptor, named: path.string))
            var places = StepLayers([])
            places.add(layers, of: index)
            let content = StepContent(images, beside: config)
            for digest in content.layers { _ = try places.write(digest, to: writer) }
            for (name, bytes) in content.documents { try writer.file(name, bytes) }
            try writer.sink.write(TarHeader.end)
            guard let digest = try writer.sink.digest() else { throw index.corrupt("it was not hashed") }
            return digest
        }
    }

    /// Closes the file.
    public func close() { try? descriptor.close() }
}

extension ArchiveIndex {
    /// The images that the manifest of a steps archive names, in the one order; `config` is that of the image beside it.
    fileprivate func stepImages(beside config: ImageConfig) throws -> [StepImage] {
        guard let entries = try json("manifest.json").array else { throw corrupt("manifest.json is no array") }
        let images = try entries.map { entry in
            guard let name = entry["Config"]?.string, let id = Self.claimedDigest(name) else {
                throw corrupt("manifest.json names no config")
            }
            let parent = try entry["Parent"].map { value in
                guard let parent = value.string.flatMap({ SHA256Digest($0) }) else {
                    throw corrupt("manifest.json names a parent that is no image ID")
                }
                return parent
            }
            if id == config.digest { return StepImage(config: config, parent: parent) }
            let own = try imageConfig(CanonicalWriter.member(id), claim: id)
            return StepImage(config: own, parent: parent)
        }
        // Any other order, or a parent that is not there, is not the form that we write.
        if images != StepImage.sorted(images) { throw corrupt("its images are not in the canonical order") }
        return images
    }
}
