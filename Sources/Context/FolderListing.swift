import Glibc
import SystemCalls

/// The names in one folder, in the order in which Git and the key sort paths: as if folders ended in `/`.
struct FolderListing {
    /// What `readdir` says of a name.
    enum Kind: UInt8 {
        case file, folder, link, other
    }

    struct Item {
        let start: Int
        let length: Int
        let kind: Kind
        /// The first bytes of the name as a number, with zeros behind a short one: most names differ there.
        let lead: UInt64
    }

    /// The bytes of all names, each followed by a zero.
    private(set) var bytes: [UInt8] = []
    private(set) var items: [Item] = []
    /// Whether there is a `.gitattributes`, in small or large letters, since some file systems take them for the same.
    private(set) var hasAttributes = false

    private static let nameOffset = MemoryLayout<dirent>.offset(of: \.d_name) ?? 19

    /// Lists an open folder, without `.` and `..`; the descriptor stays open.
    init(_ descriptor: Int32, named name: @autoclosure () -> String) throws(SystemError) {
        let copy = try checked("read", name()) { fcntl(descriptor, F_DUPFD_CLOEXEC, 0) }
        guard let stream = fdopendir(copy) else {
            let error = SystemError.last("read", name())
            close(copy)
            throw error
        }
        defer { closedir(stream) }
        while true {
            Glibc.errno = 0
            guard let entry = readdir(stream) else {
                if Glibc.errno != 0 { throw SystemError.last("read", name()) }
                break
            }
            add(UnsafeRawPointer(entry) + Self.nameOffset, type: entry.pointee.d_type, in: descriptor)
        }
        sort()
    }

    private mutating func add(_ name: UnsafeRawPointer, type: UInt8, in descriptor: Int32) {
        let text = name.assumingMemoryBound(to: CChar.self)
        let length = strlen(text)
        if text[0] == 46, length == 1 || (length == 2 && text[1] == 46) { return }
        if length == 14, strcasecmp(text, ".gitattributes") == 0 { hasAttributes = true }
        let kind: Kind =
            switch type {
            case 8: .file
            case 4: .folder
            case 10: .link
            case 0: Self.kind(of: text, in: descriptor)
            default: .other
            }
        var lead: UInt64 = 0
        memcpy(&lead, name, min(length, 8))
        // `a` comes before `a.b`, but the folder `a` behind it.
        if length < 8, kind == .folder { withUnsafeMutableBytes(of: &lead) { $0[length] = UInt8(ascii: "/") } }
        items.append(Item(start: bytes.count, length: length, kind: kind, lead: lead.bigEndian))
        bytes.append(contentsOf: UnsafeRawBufferPointer(start: name, count: length + 1))
    }

    /// Asks `lstat` where the file system does not tell kinds.
    private static func kind(of name: UnsafePointer<CChar>, in descriptor: Int32) -> Kind {
        var status = stat()
        guard fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return .other }
        switch FileStatus(status).kind {
        case .file: return .file
        case .directory: return .folder
        case .symbolicLink: return .link
        default: return .other
        }
    }

    private mutating func sort() {
        bytes.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return }
            items.sort { left, right in
                if left.lead != right.lead { return left.lead < right.lead }
                let common = min(left.length, right.length)
                let order = memcmp(base + left.start, base + right.start, common)
                if order != 0 { return order < 0 }
                return Self.end(left, common, base) < Self.end(right, common, base)
            }
        }
    }

    /// The byte of a name at `position`, or what stands for its end: `/` for a folder.
    private static func end(_ item: Item, _ position: Int, _ base: UnsafeRawPointer) -> UInt8 {
        if position < item.length { return base.load(fromByteOffset: item.start + position, as: UInt8.self) }
        return item.kind == .folder ? UInt8(ascii: "/") : 0
    }

    /// Whether two names would be one on a file system that ignores case or Unicode form.
    var hasSimilarNames: Bool {
        let isPlain = bytes.allSatisfy { $0 < 0x80 && !(65...90).contains($0) }
        if isPlain || !mayHaveSimilarNames { return false }
        var seen: Set<String> = []
        return items.contains { item in
            !seen.insert(SimilarPaths.folded(bytes[item.start..<(item.start + item.length)])).inserted
        }
    }

    /// Whether two names may be one where case is ignored; names that are not ASCII always may.
    private var mayHaveSimilarNames: Bool {
        guard bytes.allSatisfy({ $0 < 0x80 }) else { return true }
        var hashes: [UInt64] = items.map { item in
            // FNV-1a of the name in small letters.
            bytes[item.start..<(item.start + item.length)].reduce(0xcbf2_9ce4_8422_2325) { hash, byte in
                (hash ^ UInt64((65...90).contains(byte) ? byte | 0x20 : byte)) &* 0x100_0000_01b3
            }
        }
        hashes.sort()
        return zip(hashes, hashes.dropFirst()).contains { $0 == $1 }
    }
}
