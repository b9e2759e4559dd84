import OSTemplate
import SystemCalls

/// The partitions of a disk, each in its place: the arithmetic, without any file.
struct PartitionLayout: Hashable, Sendable {
    static let sector: Int64 = 512
    static let alignment: Int64 = 1 << 20
    /// What GPT's second copy takes at the end of a disk: a header and 128 entries.
    static let tail: Int64 = 33 * sector
    /// What GPT takes at its start, with the protective MBR.
    static let head: Int64 = 34 * sector

    /// A partition in its place.
    struct Place: Hashable, Sendable {
        let partition: DiskConfig.Partition
        let kind: FileSystemKind
        let type: String
        /// Bytes from the disk's start.
        let start: Int64
        /// Bytes.
        let size: Int64
        /// Its GUID, PARTUUID of Linux.
        let uuid: String
    }

    /// Bytes of the whole disk.
    let size: Int64
    /// In the order of the template, which is that of their numbers.
    let places: [Place]

    /// Where the root file system is; nil where no partition is mounted on `/`.
    var root: Place? { places.first { $0.partition.mountPoint == "/" } }
    /// The EFI system partition, if there is one.
    var esp: Place? { places.first { $0.type == PartitionType.esp } }

    /// Places partitions.
    ///
    /// - Parameters:
    ///   - disk: What the template says.
    ///   - content: The bytes that each partition needs, by its id: the least, and what it gets where nothing else says.
    ///   - identifiers: The source of the partitions' GUIDs.
    init(_ disk: DiskConfig, content: [String: Need], identifiers: DiskIdentifiers) throws {
        if disk.partitionTableType != "gpt", !disk.partitionTableType.isEmpty {
            throw DiskError(
                .template,
                "cannot make the disk: its partitionTableType "
                    + "\(Printable.quoted(Printable.escaped(disk.partitionTableType))) is not supported",
                hint: "write gpt")
        }
        try Self.check(disk.partitions)
        var places: [Place] = []
        var next = Self.alignment
        var rest: Int64 = 0
        let partitions = disk.partitions
        for (index, partition) in partitions.enumerated() {
            let start = partition.start > 0 ? partition.start : Self.aligned(next)
            let need = content[partition.id] ?? Need()
            let end: Int64
            if let written = partition.end {
                end = written
            } else if index + 1 < partitions.count, partitions[index + 1].start > start {
                end = partitions[index + 1].start
            } else if let size = disk.size, index + 1 == partitions.count {
                end = (size - Self.tail) / Self.alignment * Self.alignment
            } else if disk.size != nil {
                throw PartitionType.problem(
                    partition, "only the last partition can take the rest of the disk", hint: "give it an end")
            } else {
                end = start + Self.aligned(max(need.wanted, Self.alignment))
            }
            guard start % Self.sector == 0, end % Self.sector == 0 else {
                throw PartitionType.problem(
                    partition, "its start and its end have to be multiples of 512 bytes", hint: "write them in MiB")
            }
            if start < Self.head {
                throw PartitionType.problem(
                    partition, "it starts at byte \(start), where the partition table is", hint: "let it start at 1MiB")
            }
            if end <= start {
                throw PartitionType.problem(
                    partition, "it ends at byte \(end), which is not behind its start at byte \(start)",
                    hint: disk.size == nil ? "correct its end" : "correct its end, or raise disk.size")
            }
            if end - start < need.least {
                let missing = Self.mebibytes(need.least - (end - start))
                throw DiskError(
                    .template,
                    "cannot make partition \(Printable.quoted(Printable.escaped(partition.id))): it has "
                        + "\((end - start) >> 20) MiB, and what is in it needs \(Self.mebibytes(need.least)) MiB: "
                        + "\(missing) MiB are missing",
                    hint: "make it \(missing) MiB larger, and disk.size with it where that is given")
            }
            places.append(
                Place(
                    partition: partition, kind: try .of(partition), type: try PartitionType.guid(of: partition),
                    start: start, size: end - start, uuid: identifiers.uuid("partition \(partition.id)")))
            next = end
            rest = max(rest, end)
        }
        try Self.checkOverlaps(places)
        size = disk.size ?? Self.aligned(rest) + Self.alignment
        if rest > size - Self.tail {
            throw DiskError(
                .template,
                "cannot make the disk: its partitions end at byte \(rest), and of its \(size) bytes the last "
                    + "\(Self.tail) are the partition table's",
                hint: "raise disk.size to \(Self.mebibytes(rest + Self.alignment))MiB at least")
        }
        self.places = places
    }

    /// How large the file system of a partition has to be.
    struct Need: Hashable, Sendable {
        /// Below this the files do not fit.
        var least: Int64 = 0
        /// With room to work in.
        var wanted: Int64 = 0
    }

    private static func checkOverlaps(_ places: [Place]) throws {
        let sorted = places.sorted { ($0.start, $0.size) < ($1.start, $1.size) }
        for (first, second) in zip(sorted, sorted.dropFirst()) where first.start + first.size > second.start {
            let names = [first, second].map { Printable.quoted(Printable.escaped($0.partition.id)) }
            throw DiskError(
                .template,
                "cannot make the disk: partitions \(names[0]) and \(names[1]) overlap by "
                    + "\(first.start + first.size - second.start) bytes",
                hint: "let \(names[1]) start at byte \(first.start + first.size)")
        }
    }

    static func aligned(_ bytes: Int64) -> Int64 { (bytes + alignment - 1) / alignment * alignment }
    static func mebibytes(_ bytes: Int64) -> Int64 { (bytes + (1 << 20) - 1) >> 20 }
}
