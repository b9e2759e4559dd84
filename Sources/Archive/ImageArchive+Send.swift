import Glibc
import Hashing
import OCI
import SystemCalls
import SystemPackage

extension ImageArchive {
    /// Sends an image to an engine's `load`, in the canonical form, whatever the archive's own form is.
    ///
    /// Every blob is checked as it passes. Config and manifest are held back until all agreed, and without them no
    /// engine tags anything: on an error the caller has only to close the pipe.
    ///
    /// - Parameters:
    ///   - descriptor: where to write.
    ///   - selection: the image to take where the archive holds several; `name` where none is given.
    ///   - name: the name that the stream gives the image.
    ///   - expected: the image ID that the archive must hold; nil where anything will do.
    ///   - strict: whether the archive must be canonical in every byte around the blobs, as those are that we wrote.
    ///   - held: layers of which the engine needs no content; they are neither read nor sent.
    ///   - progress: told how many bytes went out so far.
    ///   - spool: the folder in which a compressed archive is unpacked; its own folder where none is given.
    public func send(
        to descriptor: FileDescriptor, selecting selection: ImageName? = nil, as name: ImageName,
        expecting expected: SHA256Digest? = nil, strict: Bool = false, without held: Set<SHA256Digest> = [],
        spool: FilePath? = nil,
        progress: @escaping (Int64) -> Void = { _ in }
    ) throws(ArchiveError) -> SentImage {
        try withIndex(spool: spool, mustBePlain: strict) { index in
            let image = try index.image(named: selection ?? name, expecting: expected, strict: strict)
            let writer = CanonicalWriter(ByteSink(descriptor, named: "the engine's input", hashing: false))
            writer.sink.progress = progress
            let layers = try writer.write(image, of: index, names: [name], without: held)
            return SentImage(config: image.config, layers: layers, bytesSent: writer.sink.count)
        }
    }
}

extension ArchiveIndex {
    /// The image to send, where it is the expected one and, where asked, the archive canonical around its layers.
    func image(named name: ImageName?, expecting expected: SHA256Digest?, strict: Bool) throws -> StoredImage {
        let image = try image(named: name)
        if let expected, image.config.digest != expected {
            throw corrupt("it holds image \(image.config.digest), not \(expected)")
        }
        if strict { try checkFrame(of: image) }
        return image
    }

    /// The length of the file.
    func length() throws -> Int64 {
        try FileStatus.of(descriptor).size
    }

    /// Another descriptor of the open file.
    func duplicate() throws -> FileDescriptor {
        let number = try checked("open", name) { fcntl(descriptor.rawValue, F_DUPFD_CLOEXEC, 0) }
        return FileDescriptor(rawValue: number)
    }

    /// Checks all bytes of a canonical archive that are not content of a layer: headers, fill, config, manifest, end.
    func checkFrame(of image: StoredImage) throws {
        let names = try image.names.map { name in
            guard let name = try? ImageName(name) else { throw corrupt("it is not in the canonical form") }
            return name
        }
        let documents = [
            (CanonicalWriter.member(image.config.digest), image.config.bytes),
            ("manifest.json", CanonicalWriter.manifest(image.config, names: names)),
        ]
        try checkFrame(layers: image.distinctLayers, documents: documents)
    }

    /// The same of an archive that holds these layers and documents, in this order.
    func checkFrame(layers: [StoredImage.Layer], documents: [(name: String, bytes: [UInt8])]) throws {
        let problem = corrupt("it is not in the canonical form")
        var offset: Int64 = 0
        func expect(_ bytes: [UInt8]) throws {
            var found = [UInt8](repeating: 0, count: bytes.count)
            try found.withUnsafeMutableBytes { try read(into: $0, at: offset) }
            if found != bytes { throw problem }
            offset += Int64(bytes.count)
        }
        for layer in layers {
            try expect(TarHeader.file(CanonicalWriter.member(layer.diffID), size: layer.part.size))
            offset += layer.part.size
            try expect(TarHeader.padding(layer.part.size))
        }
        for (name, bytes) in documents {
            try expect(TarHeader.file(name, size: Int64(bytes.count)) + bytes)
            try expect(TarHeader.padding(Int64(bytes.count)))
        }
        try expect(TarHeader.end)
        if try length() != offset || compression != .none { throw problem }
    }
}
