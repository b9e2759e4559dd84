/// The disk and the files that are made of it.
public struct DiskConfig: Sendable {
    /// A file that is made.
    public struct Artifact: Hashable, Sendable {
        /// `raw`, `qcow2`, `vhd`, `vhdx`, `vmdk`, `vdi` are disks; `tar` is the rootfs; `ext4`, `squashfs`, `erofs` are
        /// file systems of the rootfs; `docker-archive` an image for engines.
        public enum Kind: String, CaseIterable, Sendable {
            case raw, qcow2, vhd, vhdx, vmdk, vdi, tar, ext4, squashfs, erofs
            case dockerArchive = "docker-archive"
        }
        /// How the file is compressed.
        public enum Compression: String, CaseIterable, Sendable { case gz, xz, zstd, bz2 }

        /// `type`.
        public var kind: Kind
        /// `compression`; nil for none.
        public var compression: Compression?
        /// Describes an artifact.
        public init(_ kind: Kind, compression: Compression? = nil) {
            self.kind = kind
            self.compression = compression
        }
    }

    /// A partition; sizes are bytes.
    public struct Partition: Hashable, Sendable {
        /// What messages call it; each id occurs once.
        public var id: String
        /// The name in the partition table; empty for the id.
        public var name: String = ""
        /// A name such as `esp` or `linux-root-amd64`; empty where `typeUUID` says it.
        public var type: String = ""
        /// The GUID of the type, small letters; empty where `type` says it.
        public var typeUUID: String = ""
        /// A file system such as `fat32` or `ext4`; empty for a partition that is left empty.
        public var fsType: String = ""
        /// The label of the file system; empty for none.
        public var fsLabel: String = ""
        /// Bytes from the disk's start.
        public var start: Int64 = 0
        /// The first byte after it; nil for the rest of the disk.
        public var end: Int64?
        /// Absolute; empty for none.
        public var mountPoint: String = ""
        /// fstab(5)'s options; empty for the usual ones.
        public var mountOptions: String = ""
        /// Words such as `esp` and `boot`.
        public var flags: [String] = []
        /// A partition of which only the id is known.
        public init(id: String) { self.id = id }
    }

    /// `disk.name`.
    public var name: String = "disk"
    /// Bytes; nil where the template says nothing: as large as its content needs.
    public var size: Int64?
    /// `gpt` is the only one that is made.
    public var partitionTableType: String = "gpt"
    /// `disk.artifacts`, each once.
    public var artifacts: [Artifact] = []
    /// `disk.partitions`, in the order in which they lie on the disk.
    public var partitions: [Partition] = []
    /// A disk of which nothing is known.
    public init() {}
}
