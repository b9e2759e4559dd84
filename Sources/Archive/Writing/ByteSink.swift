import Glibc
import Hashing
import SystemCalls
import SystemPackage

/// Where the bytes of an archive go: counted, hashed on the way where asked.
final class ByteSink {
    private let consume: (UnsafeRawBufferPointer) throws -> Void
    private var hash: IncrementalHash?
    private var file: OutputFile?
    /// How many bytes went in.
    private(set) var count: Int64 = 0
    /// Told how many bytes went in so far.
    var progress: (Int64) -> Void = { _ in }

    init(hashing: Bool, _ consume: @escaping (UnsafeRawBufferPointer) throws -> Void) {
        self.consume = consume
        hash = hashing ? IncrementalHash(.sha256) : nil
    }

    /// Writes to an open file or pipe.
    convenience init(_ descriptor: FileDescriptor, named name: String, hashing: Bool) {
        self.init(hashing: hashing) { try Files.write($0, to: descriptor, named: name) }
    }

    /// Writes to a new file, which other threads hash meanwhile: the whole, and parts of it.
    ///
    /// Before a file is closed, `stopHashing` must be called.
    ///
    /// - Parameters:
    ///   - descriptor: The file.
    ///   - twin: A second file that gets the same bytes.
    ///   - name: What messages call the file.
    convenience init(file descriptor: FileDescriptor, twin: FileDescriptor? = nil, named name: String) {
        self.init(descriptor, named: name, hashing: false)
        file = OutputFile(descriptor, twin: twin, named: name)
    }

    /// Compares with the bytes of an open file, from its start; a difference is damage.
    static func comparing(_ descriptor: FileDescriptor, named name: String) -> ByteSink {
        let buffer = Buffer()
        var offset: Int64 = 0
        return ByteSink(hashing: true) { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let part = UnsafeMutableRawBufferPointer(rebasing: buffer.bytes[..<min(rest.count, buffer.bytes.count)])
                let count = try checked("read", name) {
                    pread(descriptor.rawValue, part.baseAddress, part.count, off_t(offset))
                }
                let expected = UnsafeRawBufferPointer(rebasing: rest.prefix(count))
                guard count > 0, let found = part.baseAddress, let wanted = expected.baseAddress,
                    memcmp(found, wanted, count) == 0
                else {
                    throw ArchiveError.corrupt(name, "it is not in the canonical form near byte \(offset)")
                }
                offset += Int64(count)
                rest = rest.dropFirst(count)
            }
        }
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        hash?.update(bytes)
        try consume(bytes)
        try advance(Int64(bytes.count))
    }

    func write(_ bytes: [UInt8]) throws {
        try bytes.withUnsafeBytes { try write($0) }
    }

    /// The digest of all that went in; nil where it was not hashed.
    func digest() throws -> SHA256Digest? {
        if let file {
            try file.finishTwin()
            return try file.digest()
        }
        return hash.map { SHA256Digest(finishing: $0) }
    }

    private func advance(_ length: Int64) throws {
        count += length
        try file?.wrote(upTo: count)
        progress(count)
    }

    // MARK: Files

    /// Whether bytes can be copied into it without being seen.
    var isFile: Bool { file != nil }

    /// Copies bytes of another open file; where the file system can, both share them.
    func copy(_ source: FileDescriptor, at offset: Int64, length: Int64, named name: String) throws {
        guard let file else { return }
        var place = offset
        while place < offset + length {
            let end = min(offset + length, place + file.step(at: count))
            let copied = try Files.copy(source, place..<end, to: file.descriptor, named: file.name)
            if copied < end - place { throw ArchiveError.corrupt(name, "it ends in the middle of a member") }
            try advance(copied)
            place = end
        }
    }

    /// Begins a part of a file that has a digest of its own.
    func beginPart() { file?.beginPart(at: count) }

    /// Ends the part.
    func endPart() { file?.endPart() }

    /// The digests of the parts of a file, in order; waits for them.
    func partDigests() throws -> [SHA256Digest] { try file?.partDigests() ?? [] }

    /// The digest of the whole is not wanted any more, nor is a twin.
    func forgetDigest() { file?.forgetWhole() }

    /// Stops all hashing: the file is about to be closed.
    func stopHashing() { file?.stop() }
}

/// A new file and the threads that hash it.
private final class OutputFile {
    let descriptor: FileDescriptor
    let name: String
    private var twin: FileDescriptor?
    /// The bytes that the twin has, and those that both are to have.
    private var (copied, written): (Int64, Int64) = (0, 0)
    private let parts: TrailingHash
    private var isInPart = false
    private var whole: TrailingHash?

    init(_ descriptor: FileDescriptor, twin: FileDescriptor?, named name: String) {
        self.descriptor = descriptor
        self.name = name
        self.twin = twin
        parts = TrailingHash(descriptor, named: name)
        whole = TrailingHash(descriptor, named: name, flushing: [descriptor] + (twin.map { [$0] } ?? []))
    }

    func wrote(upTo end: Int64) throws {
        written = end
        // Soon, as long as the bytes are in the processor's cache.
        if written - copied >= Self.twinStep { try finishTwin() }
        whole?.wrote(upTo: end)
        if isInPart { parts.wrote(upTo: end) }
    }

    /// Brings the twin up to what was written.
    func finishTwin() throws {
        guard let twin, copied < written else { return }
        copied += try Files.copy(descriptor, copied..<written, to: twin, named: "the object of \(name)")
        if copied < written { throw ArchiveError.corrupt(name, "it was cut short while it was written") }
    }

    func beginPart(at offset: Int64) {
        isInPart = true
        parts.begin(at: offset)
    }

    func endPart() {
        isInPart = false
        parts.endPart()
    }

    func partDigests() throws -> [SHA256Digest] { try parts.digests() }

    private static let twinStep: Int64 = 1 << 20

    /// How much is copied at one go: blocks can be shared from where one begins.
    func step(at offset: Int64) -> Int64 {
        let block: Int64 = 4096
        let whole = twin == nil ? 16 << 20 : Self.twinStep
        return offset % block == 0 ? whole : block - offset % block
    }

    func digest() throws -> SHA256Digest? {
        whole?.endPart()
        return try whole?.digests().last
    }

    func forgetWhole() {
        twin = nil
        whole?.stop()
        whole = nil
    }

    func stop() {
        whole?.stop()
        parts.stop()
    }
}
