import Git
import LFS
import SystemCalls
import SystemPackage

/// Tells whether a work tree's file is what the index holds, in constant memory.
///
/// libgit2 would read a large file whole for that.
struct WorkTreeComparison {
    private let repository: Repository
    private let index: Index

    /// Compares with an index of a repository.
    init(_ repository: Repository, _ index: Index) {
        self.repository = repository
        self.index = index
    }

    /// Whether the file is unchanged: by its stat data, else by its content, where a pointer stands for its object.
    func isUnchanged(_ entry: IndexEntry, _ status: FileStatus) throws -> Bool {
        let configuration = try repository.configuration()
        let trustsMode = try configuration.bool("core.filemode") ?? true
        if index.proves(
            entry, status, trustsChangeTime: try configuration.bool("core.trustctime") ?? true, trustsMode: trustsMode)
        {
            return true
        }
        if entry.isLink {
            guard status.kind == .symbolicLink, let link = repository.workTree?.appending(entry.path) else {
                return false
            }
            return ObjectID(ofBlob: try Files.linkText(link)) == entry.id
        }
        guard status.kind == .file, !trustsMode || entry.isExecutable == status.isExecutable,
            let file = repository.workTree.map({ $0.appending(entry.path) })
        else { return false }
        if let pointer = try repository.pointer(inBlob: entry.id) {
            // The right form of an empty file is no byte at all, so its pointer is a change to Git.
            if !pointer.isEmpty, Size(status.size) == pointer.size, try Pointer.of(file) == pointer { return true }
            if status.size == 0 { return false }
            return try status.size < Int64(Pointer.maximumLength) && Pointer.read(file) == pointer
        }
        let hash = BlobHash(size: status.size)
        try ByteStream.copy(plain: file, to: hash.update)
        if hash.finish() == entry.id { return true }
        return try agreesWithoutCarriageReturns(file, status, entry)
    }

    /// Whether a text file differs in its line ends only, as `text` and `core.autocrlf` make it.
    private func agreesWithoutCarriageReturns(
        _ file: FilePath, _ status: FileStatus, _ entry: IndexEntry
    ) throws -> Bool {
        guard status.size < 16 << 20, let bytes = try Files.readPlain(file), bytes.contains(UInt8(ascii: "\r")) else {
            return false
        }
        var plain: [UInt8] = []
        plain.reserveCapacity(bytes.count)
        for (position, byte) in bytes.enumerated() {
            if byte == UInt8(ascii: "\r"), position + 1 < bytes.count, bytes[position + 1] == UInt8(ascii: "\n") {
                continue
            }
            plain.append(byte)
        }
        return ObjectID(ofBlob: plain) == entry.id
    }
}
