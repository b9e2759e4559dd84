import OSTemplate
import Programs
import SystemCalls
import SystemPackage

/// One run of a builder, in a scratch folder of its own.
struct Production {
    private let order: DiskOrder
    private let folder: FilePath
    private let tools: DiskTools
    private let identifiers: DiskIdentifiers
    private let rootfs: FilePath

    init(_ order: DiskOrder, folder: FilePath) throws {
        self.order = order
        self.folder = folder
        tools = try DiskTools(folder: folder, path: order.environment["PATH"])
        identifiers = DiskIdentifiers(rootfs: order.rootfsDigest, image: order.template.name)
        rootfs = order.rootfs.isAbsolute ? order.rootfs : try Files.currentFolder().pushing(order.rootfs)
    }

    /// Makes all kinds; `report` gets each file as soon as it is in its place.
    func run(_ report: (DiskArtifact) -> Void) async throws {
        let artifacts = order.template.artifacts
        var kinds: [DiskConfig.Artifact.Kind] = []
        for artifact in artifacts where !kinds.contains(artifact.kind) { kinds.append(artifact.kind) }
        // The tree is taken apart for the disk, so what is made of the whole comes before.
        let whole = kinds.filter { [.tar, .dockerArchive, .ext4, .squashfs, .erofs].contains($0) }
        let disks = kinds.filter { VirtualDisk.options($0) != nil }
        let needsTree = !Set(kinds).subtracting([.tar, .dockerArchive]).isEmpty
        if needsTree { order.stage("unpack") }
        let tree = needsTree ? try await RootTree.unpack(rootfs, into: "tree", with: tools) : nil
        for kind in whole {
            order.stage(kind.rawValue)
            try await place(kind, try await make(kind, of: tree), artifacts, report)
        }
        guard let tree, !disks.isEmpty || kinds.contains(.raw) else { return }
        let raw = try await RawDisk(order: order, tools: tools, identifiers: identifiers).make(of: tree)
        for kind in disks {
            order.stage(kind.rawValue)
            let name = "image.\(kind.rawValue)"
            try await VirtualDisk.make(kind, of: raw, as: name, identifiers: identifiers, with: tools)
            try await place(kind, name, artifacts, report)
        }
        if kinds.contains(.raw) { try await place(.raw, raw, artifacts, report) }
    }

    private func make(_ kind: DiskConfig.Artifact.Kind, of tree: RootTree?) async throws -> String {
        let name = "image.\(kind.rawValue)"
        let (rootfs, target) = (rootfs, folder.appending(name))
        switch kind {
        case .tar: try await onOwnThread { try Files.clone(rootfs, to: target) }
        case .dockerArchive:
            let archive = DockerArchive(template: order.template, rootfs: order.rootfsDigest)
            try await onOwnThread { try archive.write(layer: rootfs, to: target) }
        case .ext4:
            guard let tree else { break }
            let usage = try TreeUsage(of: tree.folder)
            let file = try Files.create(target)
            defer { try? file.close() }
            let size = ExtFileSystem.need(usage).wanted
            try Files.resize(file, to: size, named: target.string)
            let system = ExtFileSystem(
                kind: .ext4, label: "", uuid: identifiers.uuid("ext4"), hashSeed: identifiers.uuid("ext4 hash seed"),
                file: name, size: size)
            try await system.make(of: tree.folder, usage: usage, for: kind.rawValue, with: tools)
        default:
            guard let tree, let source = tree.folder.lastComponent?.string else { break }
            try await PackedFileSystem.make(kind, of: source, as: name, identifiers: identifiers, with: tools)
        }
        return name
    }

    /// Compresses a file as asked, and moves the results to the outputs.
    private func place(
        _ kind: DiskConfig.Artifact.Kind, _ name: String, _ artifacts: [DiskConfig.Artifact],
        _ report: (DiskArtifact) -> Void
    ) async throws {
        for artifact in artifacts where artifact.kind == kind {
            guard let compression = artifact.compression else { continue }
            order.stage("\(kind.rawValue).\(compression.rawValue)")
            let file = try await compression.compress(name, for: kind.rawValue, with: tools)
            report(try await move(file, to: artifact))
        }
        let plain = DiskConfig.Artifact(kind)
        if artifacts.contains(plain) {
            report(try await move(name, to: plain))
        } else {
            try Files.remove(folder.appending(name))
        }
    }

    private func move(_ name: String, to artifact: DiskConfig.Artifact) async throws -> DiskArtifact {
        let source = folder.appending(name)
        let target = order.folder.appending(DiskBuilder.fileName(of: artifact, in: order.template))
        try Files.setPermissions(source, 0o644)
        let (size, digest) = try await onOwnThread { try FileDigest.of(source) }
        try Files.rename(source, to: target)
        return DiskArtifact(artifact: artifact, path: target, size: size, sha256: digest)
    }
}
