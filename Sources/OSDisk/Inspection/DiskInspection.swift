import JSON
import SystemCalls
import SystemPackage

/// What an image is and holds, read without running or mounting anything of it.
public struct DiskInspection: Hashable, Sendable {
    /// A file system, alone in a file or in a partition.
    public struct FileSystem: Hashable, Sendable {
        /// Its type, such as `ext4` or `vfat`.
        public var type: String
        /// Its label; empty where it has none.
        public var label = ""
        /// Its identifier; empty where it has none.
        public var uuid = ""
        /// Bytes in all; nil where that is not said.
        public var size: Int64?
        /// Bytes that are free; nil where that is not said.
        public var free: Int64?
    }

    /// A partition of a GPT.
    public struct Partition: Hashable, Sendable {
        /// Its number, from 1.
        public var number: Int
        /// Bytes from the disk's start.
        public var start: Int64
        /// Bytes of the partition.
        public var size: Int64
        /// The GUID of its type.
        public var type: String
        /// The name that templates have for the type; nil where there is none.
        public var typeName: String?
        /// Its own GUID, PARTUUID of Linux.
        public var uuid: String
        /// Its name in the table.
        public var name: String
        /// What is in it; nil where that is not known.
        public var fileSystem: FileSystem?
    }

    /// A tar, or an image for container engines.
    public struct Archive: Hashable, Sendable {
        /// How many members it has.
        public var members: Int64 = 0
        /// The fields of its os-release.
        public var osRelease: [String: String] = [:]
        /// The names of an image for container engines.
        public var names: [String] = []
        /// Its platform, such as `linux/amd64`.
        public var platform: String?
        /// How many layers it has; nil for a tar that is no image.
        public var layers: Int?
    }

    /// The file.
    public var path: FilePath
    /// `raw`, `qcow2`, `vhd`, `vhdx`, `vmdk`, `vdi`, `tar`, `docker-archive`, a file system's type, or a compression.
    public var format: String
    /// Bytes of the file.
    public var size: Int64
    /// Bytes of the disk that it stands for; nil where that is the file itself.
    public var virtualSize: Int64?
    /// The disk's GUID; nil where there is no GPT.
    public var diskID: String?
    /// The partitions, by their numbers.
    public var partitions: [Partition] = []
    /// The file system, where the file holds nothing else.
    public var fileSystem: FileSystem?
    /// What is said of an archive.
    public var archive: Archive?

    /// Looks into an image.
    ///
    /// - Parameters:
    ///   - path: The image.
    ///   - environment: PATH is taken from it; qemu-img is needed for disks of virtual machines only.
    /// - Throws: `DiskError` where the file is no image or a damaged one, `SystemError` where it cannot be read.
    public static func read(_ path: FilePath, environment: [String: String]) async throws -> DiskInspection {
        let file = try Files.openRegular(path)
        defer { try? file.close() }
        let status = try FileStatus.of(file)
        guard status.kind == .file else {
            throw SystemError("inspect", path.string, .invalidArgument, reason: "it is no file")
        }
        let source = FileSource(file: file, path: path, size: status.size)
        let start = try await source.bytes(at: 0, count: 80 << 10)
        let format = ImageFormat.of(start, end: try await source.end())
        var found = DiskInspection(path: path, format: format, size: status.size)
        switch found.format {
        case "qcow2", "vhd", "vhdx", "vmdk", "vdi":
            try await VirtualSource.with(path, format: found.format, environment: environment) { virtual in
                found.virtualSize = virtual.size
                try await found.readDisk(virtual)
            }
        case "tar":
            let walk = TarWalk(file, name: path.string, range: 0..<status.size)
            let (archive, isEngines) = try ArchiveReader.read(walk)
            found.archive = archive
            if isEngines { found.format = "docker-archive" }
        case "raw": try await found.readDisk(source)
        default: break
        }
        if found.format == "raw", found.diskID == nil {
            guard let system = found.fileSystem else {
                throw DiskError(
                    .content, "cannot inspect \(Printable.escaped(path.string)): it is no image that is known here",
                    hint: "name a disk, a file system, a tar or a docker-archive")
            }
            found.format = system.type
        }
        return found
    }

    private mutating func readDisk(_ source: some ByteSource) async throws {
        if let table = try await GuidTable.read(source) {
            diskID = table.diskID
            for var partition in table.partitions {
                partition.fileSystem = try await Superblock.read(source, at: partition.start, limit: partition.size)
                partitions.append(partition)
            }
        } else {
            fileSystem = try await Superblock.read(source, at: 0, limit: source.size)
        }
    }
}
