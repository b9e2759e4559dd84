import Glibc
import Hashing
import OCI
import SystemCalls
import SystemPackage

/// A stream that was written to a file, member by member in the form of the canonical archive.
struct Spool {
    let index: ArchiveIndex
    let writer: CanonicalWriter
    /// The digests of the members as they stand in the file.
    let sequence: [SHA256Digest]
    /// Whether each of them stands under its own digest, so that the file can be the beginning of a canonical archive.
    let isCanonical: Bool
}

extension ArchiveIndex {
    /// Writes what a stream brings to the file `descriptor`, every file under the digest that its name claims.
    ///
    /// podman sends the layers in the order of the manifest and then the config: the file then needs no second pass.
    /// Before it is closed, the hashing of the writer's sink must be stopped.
    static func spool(
        _ input: FileDescriptor, named name: String, to descriptor: FileDescriptor, twin: FileDescriptor? = nil,
        isAbandoned: (() -> Bool)? = nil, progress: @escaping (Int64) -> Void = { _ in }
    ) throws -> Spool {
        let index = ArchiveIndex(descriptor: descriptor, name: name)
        let reader = try ArchiveReader.tar(input, named: name, isAbandoned: isAbandoned)
        index.compression = reader.compression
        let writer = CanonicalWriter(ByteSink(file: descriptor, twin: twin, named: name))
        var isFinished = false
        defer { if !isFinished { writer.sink.stopHashing() } }
        writer.sink.progress = progress
        var blobs: [(member: String, claim: SHA256Digest?)] = []
        let buffer = Buffer()
        try index.reading {
            while let entry = try reader.next() {
                switch (entry.kind, role(of: entry.name)) {
                case (.directory, _): try index.addFolder(entry.name)
                case (.link(let target), _): try index.add(entry.name, .link(target))
                case (.file, .legacy): try index.add(entry.name, .ignored)
                case (.file, .document): try index.add(entry.name, .memory(try index.content(of: entry, reader)))
                case (.file, .blob(let claim)):
                    if claim == nil { writer.sink.forgetDigest() }
                    let offset = try writer.begin(claim ?? SHA256Digest(of: []), size: entry.size)
                    writer.sink.beginPart()
                    var rest = entry.size
                    while rest > 0 {
                        let count = try reader.read(into: buffer.bytes)
                        if count == 0 || Int64(count) > rest {
                            throw index.corrupt("\(entry.name) is shorter than its header says")
                        }
                        try writer.sink.write(UnsafeRawBufferPointer(rebasing: buffer.bytes[..<count]))
                        rest -= Int64(count)
                    }
                    writer.sink.endPart()
                    try writer.end(size: entry.size)
                    blobs.append((entry.name, claim))
                    try index.add(entry.name, .stored(offset: offset, size: entry.size, digest: nil))
                }
            }
        }
        try drain(input, buffer, named: name, isAbandoned)
        let sequence = try writer.sink.partDigests()
        for (blob, digest) in zip(blobs, sequence) { index.settle(blob.member, digest) }
        isFinished = true
        return Spool(
            index: index, writer: writer, sequence: sequence, isCanonical: blobs.map(\.claim) == sequence)
    }

    private enum Role {
        case blob(SHA256Digest?), document, legacy
    }

    /// What a file is, by its name: a blob with the digest that the name claims, a document, or a relic of Docker 1.9.
    private static func role(of member: String) -> Role {
        let parts = member.split(separator: "/")
        guard let last = parts.last else { return .legacy }
        if parts.count == 1, last == "manifest.json" || last == "index.json" { return .document }
        if parts.count == 1, last == "repositories" || last == "oci-layout" { return .legacy }
        if parts.count == 2, last == "VERSION" || last == "json" { return .legacy }
        return .blob(claimedDigest(member))
    }

    /// The digest that a member's name holds: `HEX.tar`, `HEX.json`, `blobs/sha256/HEX`, `sha256:HEX`.
    static func claimedDigest(_ member: String) -> SHA256Digest? {
        let name = member.split(separator: "/").last?.split(separator: ".").first
        return name.flatMap { SHA256Digest(imageID: $0) }
    }

    private func content(of entry: TarEntry, _ reader: ArchiveReader) throws -> [UInt8] {
        if entry.size > Self.documentLimit {
            throw corrupt("\(entry.name) has \(entry.size) bytes, too many for a document")
        }
        var bytes = [UInt8](repeating: 0, count: Int(entry.size))
        var done = 0
        while done < bytes.count {
            let count = try bytes.withUnsafeMutableBytes {
                try reader.read(into: UnsafeMutableRawBufferPointer(rebasing: $0[done...]))
            }
            if count == 0 { throw corrupt("\(entry.name) is shorter than its header says") }
            done += count
        }
        return bytes
    }

    /// Reads the fill after the archive's end, so that the program that writes it is not cut off.
    private static func drain(
        _ input: FileDescriptor, _ buffer: Buffer, named name: String, _ isAbandoned: (() -> Bool)?
    ) throws {
        for _ in 0..<64 {
            var request = pollfd(fd: input.rawValue, events: Int16(POLLIN), revents: 0)
            while let isAbandoned, poll(&request, 1, 500) == 0 { if isAbandoned() { return } }
            let count = try checked("read", name) {
                Glibc.read(input.rawValue, buffer.bytes.baseAddress, buffer.bytes.count)
            }
            if count == 0 { return }
        }
    }
}
