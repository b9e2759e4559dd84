import OSTemplate
import SystemCalls
import SystemPackage

/// A whole disk with its partitions, made as a sparse file: no loop device, nothing is mounted.
struct RawDisk: Sendable {
    static let tools =
        [HostTool("tar", package: "tar"), HostTool("sfdisk", package: "fdisk")] + ExtFileSystem.tools
        + FATFileSystem.tools

    let order: DiskOrder
    let tools: DiskTools
    let identifiers: DiskIdentifiers
    let artifact = "raw"

    /// Makes the disk of an unpacked tree, which is taken apart; the file's name in the tools' folder.
    func make(of tree: RootTree) async throws -> String {
        let partitions = order.template.partitions
        try check(partitions)
        let parts = try divide(tree, partitions)
        var needs: [String: PartitionLayout.Need] = [:]
        var usages: [String: TreeUsage] = [:]
        for (id, folder) in parts {
            let usage = try TreeUsage(of: folder)
            usages[id] = usage
            guard let kind = try partitions.first(where: { $0.id == id }).map(FileSystemKind.of) else { continue }
            needs[id] = kind.isFAT ? FATFileSystem.need(usage, kind) : ExtFileSystem.need(usage)
        }
        let template = order.template
        var disk = template.disk
        disk.partitions = partitions
        let layout = try PartitionLayout(disk, content: needs, identifiers: identifiers)
        let file = "disk.raw"
        let path = tools.folder.appending(file)
        let descriptor = try Files.create(path, permissions: 0o644)
        defer { try? descriptor.close() }
        try Files.resize(descriptor, to: layout.size, named: path.string)
        let script = PartitionTable.script(layout, identifiers: identifiers)
        try await tools.run(
            "sfdisk", ["--quiet", "--no-reread", "--no-tell-kernel", "--lock=no", file], for: artifact,
            input: Array(script.utf8))
        for place in layout.places {
            try await fill(place, file, from: parts[place.partition.id], usages[place.partition.id])
        }
        return file
    }

    private func check(_ partitions: [DiskConfig.Partition]) throws {
        try PartitionLayout.check(partitions)
        guard partitions.contains(where: { $0.mountPoint == "/" }) else {
            throw DiskError.making(
                artifact, .template, "no partition has mountPoint: /", hint: "add mountPoint: / to the root partition")
        }
        let esp = try partitions.first { try PartitionType.guid(of: $0) == PartitionType.esp }
        try SystemdBoot.check(order.template, hasESP: esp != nil, for: artifact)
        if let esp, try !FileSystemKind.of(esp).isFAT {
            throw PartitionType.problem(esp, "an EFI system partition has to be FAT", hint: "write fsType: fat32")
        }
    }

    /// Gives every partition with files a folder of its own, by the partition's id.
    private func divide(_ tree: RootTree, _ partitions: [DiskConfig.Partition]) throws -> [String: FilePath] {
        var parts: [String: FilePath] = [:]
        let root = partitions.first { $0.mountPoint == "/" }
        let esp = try partitions.first { try PartitionType.guid(of: $0) == PartitionType.esp }
        let staged = tools.folder.appending("esp")
        if let root, esp != nil {
            try Files.createDirectories(staged)
            let loader = SystemdBoot(
                template: order.template, artifact: artifact, rootUUID: identifiers.uuid("partition \(root.id)"))
            try loader.stage(from: tree, into: staged)
        }
        try FileSystemTable.write(partitions, into: tree, identifiers: identifiers)
        let mounted = partitions.enumerated().filter { $0.element.isMounted && $0.element.mountPoint != "/" }
        // The deepest first: what is mounted inside another partition is not that one's.
        let sorted = mounted.sorted {
            FilePath($0.element.mountPoint).components.count > FilePath($1.element.mountPoint).components.count
        }
        for (index, partition) in sorted {
            let place = tools.folder.appending("part-\(index)")
            try tree.takeOut(FilePath(partition.mountPoint), to: place)
            parts[partition.id] = place
        }
        if let esp {
            if let content = parts[esp.id] {
                try merge(staged, into: content)
            } else {
                parts[esp.id] = staged
            }
        }
        if let root { parts[root.id] = tree.folder }
        return parts
    }

    /// Moves the boot loader's files to those that the tree has for the same partition; they replace what is there.
    private func merge(_ source: FilePath, into target: FilePath) throws {
        for name in try Files.names(in: source) {
            let (from, to) = (source.appending(name), target.appending(name))
            let isFolder = try FileStatus.of(from)?.kind == .directory
            if isFolder, try FileStatus.of(to)?.kind == .directory {
                try merge(from, into: to)
            } else {
                try Files.removeTree(to)
                try Files.rename(from, to: to)
            }
        }
    }

    private func fill(
        _ place: PartitionLayout.Place, _ file: String, from folder: FilePath?, _ usage: TreeUsage?
    ) async throws {
        let purpose = "file system \(place.partition.id)"
        var source = tools.folder.appending("empty")
        if let folder { source = folder } else { try Files.createDirectories(source) }
        if folder == nil { try RootTree.setTime(source) }
        let label = place.partition.fsLabel
        if place.kind.isFAT {
            order.stage("fat")
            let system = FATFileSystem(
                kind: place.kind, label: label, serial: identifiers.serial(purpose), file: file, offset: place.start,
                size: place.size)
            try await system.make(of: source, for: artifact, with: tools)
        } else if place.kind.isExt {
            order.stage("ext")
            let system = ExtFileSystem(
                kind: place.kind, label: label, uuid: identifiers.uuid(purpose),
                hashSeed: identifiers.uuid("hash seed \(place.partition.id)"), file: file, offset: place.start,
                size: place.size)
            let usage = try usage ?? TreeUsage(of: source)
            try await system.make(of: source, usage: usage, for: artifact, with: tools)
        } else if place.kind == .swap {
            try SwapArea(label: label, uuid: identifiers.rawUUID(purpose)).write(
                to: tools.folder.appending(file), offset: place.start, size: place.size)
        }
    }
}
