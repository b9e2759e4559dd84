import Hashing
import OCI
import SystemCalls
import SystemPackage

/// A layer in a file of its own, as an engine wrote it; nothing of it is believed.
public struct LayerFile: Hashable, Sendable {
    /// The file.
    public let path: FilePath
    /// The digest of the file's bytes, as it was told.
    public let digest: SHA256Digest
    /// How many bytes the layer has when it is not compressed, as it was told.
    public let size: Int64

    /// Names a file; nothing is read yet.
    public init(_ path: FilePath, digest: SHA256Digest, size: Int64) {
        self.path = path
        self.digest = digest
        self.size = size
    }
}

extension CanonicalFile {
    /// Writes the canonical archive of an image that shares layers with this one, in the new file `target`.
    ///
    /// The bytes are those that a save of the whole image gives. Shared layers are copied, where the file system can
    /// without reading them, and all layers are hashed once more. On failure nothing is left; a layer that is not what
    /// it should be, here or in a file, is an error of kind `corrupt`.
    ///
    /// - Parameters:
    ///   - config: The image's config.
    ///   - files: The layers that this archive lacks.
    ///   - name: The name that the new archive gives the image.
    ///   - target: The file to create.
    ///   - twinPath: A second file to create, with the same bytes; on failure it is the caller's to remove.
    ///   - progress: Told how many bytes were written so far.
    public func succeed(
        _ config: ImageConfig, with files: [SHA256Digest: LayerFile], as name: ImageName, to target: FilePath,
        twin twinPath: FilePath? = nil, progress: @escaping (Int64) -> Void = { _ in }
    ) throws(ArchiveError) -> CanonicalArchive {
        try ArchiveError.wrapping {
            let own = ArchiveIndex(descriptor: descriptor, name: path.string)
            let twin = try twinPath.map { try Files.create($0) }
            defer { try? twin?.close() }
            return try ImageArchive.writeCanonical(to: target, twin: twin, progress) { writer in
                var sizes: [SHA256Digest: Int64] = [:]
                for diffID in config.diffIDs where sizes[diffID] == nil {
                    if let part = part(of: diffID) {
                        let layer = StoredImage.Layer(diffID: diffID, part: part, compression: .none, blob: nil)
                        sizes[diffID] = try writer.write(layer, of: own)
                    } else if let file = files[diffID] {
                        sizes[diffID] = try writer.write(file, diffID)
                    } else {
                        throw own.corrupt("it does not hold layer \(diffID)")
                    }
                }
                try writer.config(config)
                try writer.finish(config, names: [name])
                try writer.checkLayers()
                let layers = config.diffIDs.map { LayerSize(digest: $0, size: sizes[$0] ?? 0) }
                return try writer.result(config, layers: layers, names: [name], of: own)
            }
        }
    }
}

extension CanonicalWriter {
    /// Writes a layer that stands in a file of its own; how many bytes it has.
    fileprivate func write(_ file: LayerFile, _ diffID: SHA256Digest) throws -> Int64 {
        let descriptor: FileDescriptor
        do throws(SystemError) {
            descriptor = try Files.openPlain(file.path)
        } catch {
            throw ArchiveError(.corrupt, error.description)
        }
        defer { try? descriptor.close() }
        let index = ArchiveIndex(descriptor: descriptor, name: file.path.string)
        let part = ArchiveIndex.Part.stored(offset: 0, size: try index.length(), digest: nil)
        let compression = try index.start(of: part).withUnsafeBytes { Compression(detecting: $0) }
        let layer = StoredImage.Layer(diffID: diffID, part: part, compression: compression, blob: file.digest)
        return try write(layer, of: index, size: file.size)
    }
}
