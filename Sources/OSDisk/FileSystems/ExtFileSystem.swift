import Glibc
import OSTemplate
import SystemCalls
import SystemPackage

/// An ext2, ext3 or ext4 file system, made of a folder without being mounted.
struct ExtFileSystem: Sendable {
    /// mke2fs' own configuration: what a file system is like must not depend on the machine that makes it.
    static let configuration = """
        [defaults]
            base_features = sparse_super,large_file,filetype,resize_inode,dir_index,ext_attr
            default_mntopts = acl,user_xattr
            enable_periodic_fsck = 0
            blocksize = 4096
            inode_size = 256
            inode_ratio = 16384
        [fs_types]
            ext2 = {
            }
            ext3 = {
                features = has_journal
            }
            ext4 = {
                features = has_journal,extent,huge_file,flex_bg,metadata_csum,64bit,dir_nlink,extra_isize
            }

        """
    static let tools = [
        HostTool("mke2fs", package: "e2fsprogs"), HostTool("debugfs", package: "e2fsprogs"),
    ]
    private static let inodesAtOnce = 20_000

    let kind: FileSystemKind
    let label: String
    let uuid: String
    let hashSeed: String
    /// The file that it is written into, in the tools' folder.
    let file: String
    /// Where it begins there, in bytes.
    var offset: Int64 = 0
    /// How many bytes it has.
    let size: Int64

    /// How large it has to be for a folder's files.
    static func need(_ usage: TreeUsage) -> PartitionLayout.Need {
        let inodes = inodes(usage)
        let least = usage.bytes + usage.bytes / 50 + inodes * 256 + 5 << 20
        let wanted = (usage.bytes + usage.bytes / 10 + inodes * 256 + 64 << 20) / 100 * 104
        return .init(least: least, wanted: PartitionLayout.aligned(wanted))
    }

    private static func inodes(_ usage: TreeUsage) -> Int64 { usage.files + usage.files / 4 + 1024 }

    /// Makes it of a folder.
    func make(of folder: FilePath, usage: TreeUsage, for artifact: String, with tools: DiskTools) async throws {
        var options = ["hash_seed=\(hashSeed)", "nodiscard", "lazy_itable_init=0", "lazy_journal_init=1"]
        options += ["root_owner=0:0"]
        if offset > 0 { options.append("offset=\(offset)") }
        var arguments = ["-q", "-F", "-t", kind.rawValue, "-b", "4096", "-m", "1", "-U", uuid]
        if !label.isEmpty { arguments += ["-L", label] }
        arguments += ["-N", "\(max(Self.inodes(usage), size / 16384))", "-E", options.joined(separator: ",")]
        arguments += ["-d", folder.string, file, "\(size / 1024)k"]
        do {
            try await tools.run("mke2fs", arguments, for: artifact)
        } catch let error as DiskError where error.description.contains("Could not allocate") {
            throw DiskError.making(
                artifact, .template, "the files do not fit into a file system of \(size >> 20) MiB",
                hint: "make the partition and disk.size larger")
        }
        try await setTimes(root: folder, for: artifact, with: tools)
    }

    /// Gives all inodes one time of change and of access: mke2fs takes those of the unpacked files.
    private func setTimes(root: FilePath, for artifact: String, with tools: DiskTools) async throws {
        let used = try usedInodes(in: tools.folder)
        let script = "times.debugfs"
        let place = offset > 0 ? "\(file)?offset=\(offset)" : file
        var commands = try rootCommands(root)
        var numbers = [2] + Array(11..<max(12, used + 1))
        while !numbers.isEmpty {
            for number in numbers.prefix(Self.inodesAtOnce) {
                commands += "sif <\(number)> atime @\(RecipeVersion.sourceDate)\n"
                commands += "sif <\(number)> ctime @\(RecipeVersion.sourceDate)\n"
            }
            numbers.removeFirst(min(numbers.count, Self.inodesAtOnce))
            try Files.replace(tools.folder.appending(script), with: Array(commands.utf8))
            commands = ""
            let result = try await tools.run("debugfs", ["-w", "-f", script, place], for: artifact)
            // It ends with 0 whatever happened; the first line is its version.
            if result.errorText.split(separator: "\n").count > 1 {
                throw tools.failure("debugfs", result, for: artifact)
            }
        }
    }

    /// The root folder's own attributes, which mke2fs does not take over.
    private func rootCommands(_ folder: FilePath) throws -> String {
        guard let status = try FileStatus.of(folder) else { return "" }
        return """
            sif <2> mode 0\(String(0o40000 | status.permissions, radix: 8))
            sif <2> uid \(status.owner)
            sif <2> gid \(status.group)
            sif <2> mtime @\(status.modified.seconds)

            """
    }

    /// How many inodes are used, as the superblock says; they are given out without gaps.
    private func usedInodes(in folder: FilePath) throws -> Int {
        let path = folder.appending(file)
        let descriptor = try Files.openRegular(path)
        defer { try? descriptor.close() }
        var block = [UInt8](repeating: 0, count: 1024)
        let count = try checked("read", path.string) {
            pread(descriptor.rawValue, &block, 1024, off_t(offset + 1024))
        }
        let numbers = ExtSuperblock(block)
        guard count == 1024, let numbers else {
            throw SystemError("read", path.string, .invalidArgument, reason: "it has no ext superblock")
        }
        return Int(numbers.inodes) - Int(numbers.freeInodes)
    }
}
