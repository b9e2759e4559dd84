import SystemCalls

/// One path of the index, as Git recorded it.
public struct IndexEntry: Sendable {
    /// Bytes of paths, those of the entry's among them: most entries are looked at without their path.
    private let names: [UInt8]
    private let place: Range<Int>
    /// The blob (or commit, for a submodule).
    public let id: ObjectID
    /// The mode: `0o100644`, `0o100755`, `0o120000` for a link, `0o160000` for a submodule, `0o040000` for a folder
    /// of a sparse index.
    public let mode: UInt32
    /// The side of a merge: 0 merged, 1 base, 2 ours, 3 theirs.
    public let stage: UInt8
    /// The file's size modulo 2^32; 0 also means "look again".
    public let size: UInt32
    /// When the content was modified last, seconds modulo 2^32 and nanoseconds (0 where the writer had none).
    public let modified: Time
    /// When content or metadata changed last.
    public let changed: Time
    /// The inode number modulo 2^32.
    public let inode: UInt32
    /// The owner's number.
    public let owner: UInt32
    /// The group's number.
    public let group: UInt32
    /// The entry's marks.
    public let flags: Flags

    /// A time as the index keeps it.
    public struct Time: Hashable, Sendable {
        /// Seconds since 1970 modulo 2^32.
        public let seconds: UInt32
        /// Nanoseconds.
        public let nanoseconds: UInt32
    }

    /// The marks of an entry.
    public struct Flags: OptionSet, Hashable, Sendable {
        /// The bits.
        public let rawValue: UInt8
        /// Takes the bits.
        public init(rawValue: UInt8) { self.rawValue = rawValue }
        /// `git update-index --assume-unchanged`.
        public static let assumeValid = Flags(rawValue: 1)
        /// `git add --intent-to-add`: the path has no content yet.
        public static let intentToAdd = Flags(rawValue: 2)
        /// A hole of a sparse checkout.
        public static let skipWorktree = Flags(rawValue: 4)
    }

    /// Takes a record of an index, and the bytes that its name lies in.
    init(_ record: IndexEntries.Record, names: [UInt8]) {
        self.names = names
        place = record.nameStart..<(record.nameStart + Int(record.nameLength))
        id = record.id
        mode = record.mode
        stage = record.stage
        size = record.size
        modified = record.modified
        changed = record.changed
        inode = record.inode
        owner = record.owner
        group = record.group
        flags = record.flags
    }

    /// The path below the work tree.
    public var path: RelativePath { RelativePath(bytes: Array(name)) }
    /// The bytes of the path.
    public var name: ArraySlice<UInt8> { names[place] }

    /// Whether the entry is a regular file.
    public var isFile: Bool { mode & 0o170000 == 0o100000 }
    /// Whether the entry is a regular file with the executable bit.
    public var isExecutable: Bool { isFile && mode & 0o100 != 0 }
    /// Whether the entry is a symbolic link.
    public var isLink: Bool { mode & 0o170000 == 0o120000 }
    /// Whether the entry is a submodule.
    public var isSubmodule: Bool { mode & 0o170000 == 0o160000 }
    /// Whether the entry is a whole folder outside a sparse checkout (sparse index).
    public var isSparseDirectory: Bool { mode & 0o170000 == 0o040000 }
}
