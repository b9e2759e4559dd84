import Hashing
import OCI
import SystemCalls
import SystemPackage

extension ImageArchive {
    /// Writes an image of the archive in another form; equal images give equal bytes.
    ///
    /// What stands at `path` is replaced in one step when all is written and verified; an OCI folder must not be there.
    ///
    /// - Parameters:
    ///   - selection: the image to take where the archive holds several; `name` where none is given.
    ///   - name: the name that the export gives the image.
    ///   - expected: the image ID that the archive must hold; nil where anything will do.
    ///   - format: the form.
    ///   - compression: how the archive (docker-archive) or its layers (the OCI forms) are compressed.
    ///   - path: the file or folder to make.
    ///   - spool: a folder for temporary files; that of `path` where none is given.
    public func export(
        selecting selection: ImageName? = nil, as name: ImageName, expecting expected: SHA256Digest? = nil,
        format: ExportFormat, compression: Compression = .none, to path: FilePath, spool: FilePath? = nil
    ) throws(ArchiveError) {
        let spool = spool ?? Self.parent(of: path)
        try Self.requireParent(of: path)
        try withIndex(spool: spool) { index in
            let image = try index.image(named: selection ?? name, expecting: expected, strict: false)
            if format == .ociDirectory {
                return try Self.exportDirectory(image, of: index, as: name, compression, to: path, spool: spool)
            }
            try Self.writeFile(path) { descriptor in
                let sink = ByteSink(descriptor, named: path.string, hashing: false)
                switch format {
                case .dockerArchive where compression != .none:
                    let compressor = try Compressor(compression, into: sink)
                    let writer = CanonicalWriter(ByteSink(hashing: false) { try compressor.write($0) })
                    _ = try writer.write(image, of: index, names: [name])
                    try compressor.finish()
                case .dockerArchive, .ociDirectory:
                    _ = try CanonicalWriter(sink).write(image, of: index, names: [name])
                case .ociArchive:
                    let store = { (member: String, size: Int64, write: (ByteSink) throws -> Void) in
                        try sink.write(TarHeader.file(member, size: size))
                        try write(sink)
                        try sink.write(TarHeader.padding(size))
                    }
                    let writer = LayoutWriter(store: store, compression: compression, spool: spool)
                    try writer.write(image, of: index, as: name)
                    try sink.write(TarHeader.end)
                }
            }
        }
    }

    private static func parent(of path: FilePath) -> FilePath {
        let parent = path.removingLastComponent()
        return parent.isEmpty ? FilePath(".") : parent
    }

    /// Fails where the folder of a file to make is not there; else the error would name a temporary file.
    static func requireParent(of path: FilePath) throws(ArchiveError) {
        let parent = parent(of: path)
        do throws(SystemError) {
            guard try FileStatus.of(parent, followLinks: true)?.kind == .directory else {
                throw SystemError("create", path.string, .noSuchFileOrDirectory, reason: "there is no folder \(parent)")
            }
        } catch { throw ArchiveError(error) }
    }

    /// Writes a new file beside `path` and renames it; what is no plain file (a pipe, a device) is written as it is.
    static func writeFile(_ path: FilePath, _ body: (FileDescriptor) throws -> Void) throws {
        let status = try FileStatus.of(path)
        if let status, status.kind != .file {
            let descriptor = try Files.openForWriting(path)
            defer { try? descriptor.close() }
            return try body(descriptor)
        }
        let temporary = Files.temporaryPath(beside: path)
        let descriptor = try Files.create(temporary)
        defer { try? descriptor.close() }
        do {
            try body(descriptor)
            try Files.synchronize(descriptor, named: temporary.string)
            try Files.rename(temporary, to: path)
        } catch {
            _ = try? Files.remove(temporary)
            throw error
        }
    }

    private static func exportDirectory(
        _ image: StoredImage, of index: ArchiveIndex, as name: ImageName, _ compression: Compression,
        to path: FilePath, spool: FilePath
    ) throws {
        if Files.exists(path) { throw ArchiveError(SystemError("create", path.string, .fileExists)) }
        let temporary = Files.temporaryPath(beside: path)
        try Files.createDirectories(temporary.appending("blobs").appending("sha256"))
        do {
            let store = { (member: String, _: Int64, write: (ByteSink) throws -> Void) in
                let file = temporary.pushing(FilePath(member))
                let descriptor = try Files.create(file)
                defer { try? descriptor.close() }
                try write(ByteSink(descriptor, named: file.string, hashing: false))
                try Files.synchronize(descriptor, named: file.string)
            }
            let writer = LayoutWriter(store: store, compression: compression, spool: spool)
            try writer.write(image, of: index, as: name)
            try Files.rename(temporary, to: path)
        } catch {
            try? Files.removeTree(temporary)
            throw error
        }
    }
}
