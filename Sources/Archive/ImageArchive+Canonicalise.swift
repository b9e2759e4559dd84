import Glibc
import Hashing
import OCI
import SystemCalls
import SystemPackage

extension ImageArchive {
    /// Brings what an engine's `save` sends into the canonical form, in the new file `path`.
    ///
    /// One pass where the layers come in the order of the manifest; else the stream is written to one spool beside
    /// `path` (`PATH.spool`) and read once more. On failure neither file is left. The stream is untrusted: what does not
    /// agree with its digests is an error of kind `corrupt`.
    ///
    /// - Parameters:
    ///   - stream: the stream, read to its end.
    ///   - streamName: what messages call the stream.
    ///   - name: the name that the archive gives the image; where the stream holds several images, the one so named.
    ///   - path: the file to create, readable by everybody whom the umask lets.
    ///   - twin: a second file to create, with the same bytes; on failure it is the caller's to remove.
    ///   - image: the ID of the image to take, where the stream holds several without names.
    ///   - platform: which of several images to take where one index holds them for several platforms.
    ///   - isAbandoned: asked while nothing comes whether nobody will write to the stream any more.
    ///   - progress: told how many bytes were written so far.
    public static func canonicalise(
        stream: FileDescriptor, named streamName: String, as name: ImageName, to path: FilePath,
        image id: SHA256Digest? = nil, twin twinPath: FilePath? = nil, platform: Platform = .host,
        isAbandoned: (() -> Bool)? = nil,
        progress: @escaping (Int64) -> Void = { _ in }
    ) throws(ArchiveError) -> CanonicalArchive {
        try ArchiveError.wrapping {
            let spoolPath = path.withSuffix(".spool")
            let descriptor = try Files.create(spoolPath)
            Unfinished.note(spoolPath)
            defer {
                try? descriptor.close()
                _ = try? Files.remove(spoolPath)
            }
            let twin = try twinPath.map { try Files.create($0) }
            defer { try? twin?.close() }
            // One image of several is written anew in any case.
            let spool = try ArchiveIndex.spool(
                stream, named: streamName, to: descriptor, twin: id == nil ? twin : nil, isAbandoned: isAbandoned,
                progress: progress)
            defer { spool.writer.sink.stopHashing() }
            if let id {
                let images = try spool.index.images()
                guard let image = images.first(where: { $0.config.digest == id }) else {
                    throw spool.index.corrupt("it does not hold image \(id)")
                }
                var result = try write(image, of: spool.index, as: name, to: path, twin: twin, progress)
                result.others = images.map(\.config).filter { $0.digest != id }
                return result
            }
            let image = try spool.index.image(named: name, platform: platform)
            let expected = image.distinctLayers.map(\.diffID) + [image.config.digest]
            guard spool.isCanonical, spool.sequence == expected, image.layers.allSatisfy(\.isVerified) else {
                if let twin { try Files.empty(twin, named: streamName) }
                return try write(image, of: spool.index, as: name, to: path, twin: twin, progress)
            }
            try spool.writer.finish(image.config, names: [name])
            let layers = image.layers.map { LayerSize(digest: $0.diffID, size: $0.part.size) }
            // Only then has the twin the last bytes, too.
            let result = try spool.writer.result(image.config, layers: layers, names: [name], of: spool.index)
            for file in [descriptor, twin] { try file.map { try Files.synchronize($0, named: path.string) } }
            try Files.rename(spoolPath, to: path)
            return result
        }
    }

    /// Brings this archive, of whatever form, into the canonical form, in the new file `path`.
    ///
    /// - Parameters:
    ///   - selection: the image to take where the archive holds several; `name` where none is given.
    ///   - name: the name that the new archive gives the image.
    ///   - path: the file to create; on failure it is not left.
    ///   - platform: which of several images to take where one index holds them for several platforms.
    public func canonicalise(
        selecting selection: ImageName? = nil, as name: ImageName, to path: FilePath, platform: Platform = .host
    ) throws(ArchiveError) -> CanonicalArchive {
        try withIndex(spool: path.removingLastComponent()) { index in
            let image = try index.image(named: selection ?? name, platform: platform)
            return try Self.write(image, of: index, as: name, to: path) { _ in }
        }
    }

    private static func write(
        _ image: StoredImage, of index: ArchiveIndex, as name: ImageName, to path: FilePath,
        twin: FileDescriptor? = nil, _ progress: @escaping (Int64) -> Void
    ) throws -> CanonicalArchive {
        try writeCanonical(to: path, twin: twin, progress) { writer in
            let layers = try writer.write(image, of: index, names: [name])
            return try writer.result(image.config, layers: layers, names: [name], of: index)
        }
    }

    /// Makes a canonical archive in the new file `path`, which is not left on failure and on disk on success, and in an
    /// open file that is still empty.
    static func writeCanonical(
        to path: FilePath, twin: FileDescriptor? = nil, _ progress: @escaping (Int64) -> Void,
        _ body: (CanonicalWriter) throws -> CanonicalArchive
    ) throws -> CanonicalArchive {
        let descriptor = try Files.create(path)
        defer { try? descriptor.close() }
        let sink = ByteSink(file: descriptor, twin: twin, named: path.string)
        defer { sink.stopHashing() }
        sink.progress = progress
        do {
            let result = try body(CanonicalWriter(sink))
            for file in [descriptor, twin] { try file.map { try Files.synchronize($0, named: path.string) } }
            return result
        } catch {
            _ = try? Files.remove(path)
            throw error
        }
    }
}
