import Glibc
import Hashing
import JSON
import SystemCalls
import SystemPackage

/// Where the members of an image archive stand: in the archive itself, or in the spool that a stream was written to.
final class ArchiveIndex {
    /// One member.
    enum Part {
        /// Content at a place of the file; its digest, where it was read already.
        case stored(offset: Int64, size: Int64, digest: SHA256Digest?)
        /// Content kept in memory: the small documents that say what the rest is.
        case memory([UInt8])
        /// Another name of another member.
        case link(String)
        /// Nothing of use.
        case ignored
    }

    /// The largest document that is read: what registries and engines accept, too.
    static let documentLimit = InputLimit.imageDocument

    /// The file that holds the members' content.
    let descriptor: FileDescriptor
    /// What messages call the archive.
    let name: String
    /// How the archive as a whole is compressed.
    var compression = Compression.none
    private(set) var parts: [String: Part] = [:]
    private var nameBytes = 0
    private var documentBytes: Int64 = 0
    private var values = 0

    init(descriptor: FileDescriptor, name: String) {
        self.descriptor = descriptor
        self.name = name
    }

    func corrupt(_ reason: String) -> ArchiveError { .corrupt(name, reason) }

    /// The folders at the archive's root.
    private var folders: Set<String> = []
    private var folderCount = 0

    /// Takes note of a folder.
    func addFolder(_ member: String) throws {
        folderCount += 1
        try checkCount()
        if folders.count < 64, let first = member.split(separator: "/").first { folders.insert(String(first)) }
    }

    /// Runs what reads the members; where that fails in the middle of a container's file system, says so.
    func reading(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch let error as ArchiveError {
            if error.kind == .corrupt, let problem = fileSystemProblem { throw problem }
            throw error
        }
    }

    /// What is wrong with an archive that holds a container's file system; nil for any other.
    var fileSystemProblem: ArchiveError? {
        if parts["manifest.json"] != nil || parts["index.json"] != nil || parts["oci-layout"] != nil { return nil }
        let names = folders.union(parts.keys.compactMap { $0.split(separator: "/").first.map(String.init) })
        // No image archive has any of them at its root.
        let usual: Set = ["bin", "dev", "etc", "lib", "proc", "root", "sbin", "sys", "usr", "var"]
        if names.isDisjoint(with: usual) { return nil }
        return corrupt("it is a container's file system, no image archive: use save, not export")
    }

    func add(_ member: String, _ part: Part) throws {
        if parts.updateValue(part, forKey: member) != nil { throw corrupt("it holds \(member) twice") }
        nameBytes += member.utf8.count
        if case .link(let target) = part { nameBytes += target.utf8.count }
        try checkCount()
        if nameBytes > InputLimit.archiveNames {
            throw corrupt("the names of its members have more than \(InputLimit.archiveNames) bytes")
        }
    }

    /// Takes note of the digest of a member that was read to its end.
    func settle(_ member: String, _ digest: SHA256Digest) {
        guard case .stored(let offset, let size, nil) = parts[member] else { return }
        parts[member] = .stored(offset: offset, size: size, digest: digest)
    }

    private func checkCount() throws {
        if parts.count + folderCount > InputLimit.archiveMembers {
            throw corrupt("it has more than \(InputLimit.archiveMembers) members")
        }
    }

    /// The member of that name, links followed.
    func part(_ member: String) throws -> Part {
        guard var path = TarEntry.path(member, below: "") else { throw corrupt("it refers to \(member.prefix(200))") }
        for _ in 0..<40 {
            switch parts[path] {
            case .link(let target): path = target
            case .stored, .memory:
                if let part = parts[path] { return part }
            case .ignored, nil: throw corrupt("it does not hold \(member.prefix(200))")
            }
        }
        throw corrupt("\(member) is a circle of links")
    }

    /// The whole content of a small member.
    func document(_ member: String) throws -> [UInt8] {
        let part = try part(member)
        documentBytes += part.size
        if documentBytes > InputLimit.imageDocuments {
            throw corrupt("its documents have more than \(InputLimit.imageDocuments) bytes")
        }
        switch part {
        case .memory(let bytes): return bytes
        case .stored(let offset, let size, _):
            if size > Self.documentLimit { throw corrupt("\(member) has \(size) bytes, too many for a document") }
            var bytes = [UInt8](repeating: 0, count: Int(size))
            try bytes.withUnsafeMutableBytes { try read(into: $0, at: offset) }
            return bytes
        case .link, .ignored: throw corrupt("it does not hold \(member)")
        }
    }

    /// A document as JSON.
    func json(_ member: String) throws -> JSONValue {
        do {
            let json = try JSONValue(parsing: try document(member))
            try count(json)
            return json
        } catch let error as JSONError {
            throw corrupt("\(member) is \(error.description)")
        }
    }

    /// Takes note of the values that a document brings into memory.
    func count(_ json: JSONValue) throws {
        values += json.valueCount
        if values > InputLimit.imageValues {
            throw corrupt("its documents hold more than \(InputLimit.imageValues) values")
        }
    }

    /// Fills the buffer from a place of the file; a file that ends before is damaged.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) throws {
        var done = 0
        while done < buffer.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
            let count = try checked("read", name) {
                pread(descriptor.rawValue, rest.baseAddress, rest.count, off_t(offset) + off_t(done))
            }
            if count == 0 { throw corrupt("it ends in the middle of a member") }
            done += count
        }
    }

    /// Hands the content of a member on, piece by piece.
    func forEachPiece(of part: Part, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        switch part {
        case .memory(let bytes): try bytes.withUnsafeBytes { try body($0) }
        case .stored(let offset, let size, _):
            let buffer = Buffer()
            var done: Int64 = 0
            while done < size {
                let count = Int(min(size - done, Int64(buffer.bytes.count)))
                let piece = UnsafeMutableRawBufferPointer(rebasing: buffer.bytes[..<count])
                try read(into: piece, at: offset + done)
                try body(UnsafeRawBufferPointer(piece))
                done += Int64(count)
            }
        case .link, .ignored: throw corrupt("a link holds no content")
        }
    }

    /// The first bytes of a member, 512 at most.
    func start(of part: Part) throws -> [UInt8] {
        switch part {
        case .memory(let bytes): return Array(bytes.prefix(512))
        case .stored(let offset, let size, _):
            var bytes = [UInt8](repeating: 0, count: Int(min(size, 512)))
            try bytes.withUnsafeMutableBytes { try read(into: $0, at: offset) }
            return bytes
        case .link, .ignored: return []
        }
    }
}

extension ArchiveIndex.Part {
    /// The length of the content.
    var size: Int64 {
        switch self {
        case .stored(_, let size, _): size
        case .memory(let bytes): Int64(bytes.count)
        case .link, .ignored: 0
        }
    }
}
