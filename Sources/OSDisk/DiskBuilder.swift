import OSTemplate
import Programs
import SystemCalls
import SystemPackage

/// Makes the artifacts of a template of its root file system; the same input gives the same bytes.
///
/// Nothing is mounted and no loop device is used. It has to run as root, since owners and devices are unpacked.
public struct DiskBuilder: Sendable {
    let order: DiskOrder

    /// Takes an order.
    public init(_ order: DiskOrder) {
        self.order = order
    }

    /// The programs that a template's artifacts need.
    public static func tools(for template: OSTemplate) -> [HostTool] {
        var tools: [HostTool] = []
        for artifact in template.artifacts {
            switch artifact.kind {
            case .raw, .qcow2, .vhd, .vhdx, .vmdk, .vdi: tools += RawDisk.tools
            case .ext4: tools += ExtFileSystem.tools + [HostTool("tar", package: "tar")]
            case .squashfs, .erofs: tools += PackedFileSystem.tools(artifact.kind) + [HostTool("tar", package: "tar")]
            case .tar, .dockerArchive: break
            }
            if VirtualDisk.options(artifact.kind) != nil { tools += VirtualDisk.tools }
            if let compression = artifact.compression { tools.append(compression.tool) }
        }
        var seen: Set<HostTool> = []
        return tools.filter { seen.insert($0).inserted }
    }

    /// The name of an artifact's file: `NAME-VERSION.KIND`, and the compression behind another dot.
    public static func fileName(of artifact: DiskConfig.Artifact, in template: OSTemplate) -> String {
        let start = "\(template.name)-\(template.version).\(artifact.kind.rawValue)"
        return artifact.compression.map { "\(start).\($0.rawValue)" } ?? start
    }

    /// Makes all artifacts, in the order of the template; none of them is left where one fails.
    ///
    /// - Throws: `DiskError`, `SystemError`, and `CancellationError` where the task was cancelled.
    public func build() async throws -> [DiskArtifact] {
        try check()
        try Files.createDirectories(order.scratch, permissions: 0o700)
        var made: [DiskArtifact] = []
        do {
            // For this user only: the tree has programs with set-uid bits in it, and devices.
            let folder = try Files.createTemporaryDirectory(in: order.scratch)
            try await Production(order, folder: folder).run { made.append($0) }
            try await removeScratch()
            let places = Dictionary(made.map { ($0.artifact, $0) }) { first, _ in first }
            return order.template.artifacts.compactMap { places[$0] }
        } catch {
            for artifact in made { _ = try? Files.remove(artifact.path) }
            try? await removeScratch()
            if let error = error as? SystemError, error.errno == .noSpace {
                throw DiskError(
                    .space, error.description, hint: "make room there, or choose another folder with --work-dir")
            }
            throw error
        }
    }

    private func removeScratch() async throws {
        let scratch = order.scratch
        try await onOwnThread { try TreeRemoval.remove(scratch) }
    }

    private func check() throws {
        for text in [order.template.name, order.template.version] {
            guard let component = FilePath.Component(text), component.kind == .regular else {
                throw DiskError(
                    .template,
                    "cannot name the artifacts: \(Printable.quoted(Printable.escaped(text))) is no file name",
                    hint: "correct image.name and image.version")
            }
        }
        let missing = HostTool.missing(of: Self.tools(for: order.template), environment: order.environment)
        if !missing.isEmpty {
            let packages = Set(missing.map(\.package)).sorted().joined(separator: " ")
            throw DiskError(
                .tool, "cannot make the artifacts: not on PATH: \(missing.map(\.name).joined(separator: ", "))",
                hint: "apt-get install \(packages)")
        }
    }
}

extension OSTemplate {
    /// The artifacts, each once; where the template names none, a tar for `img` and a disk for `raw`.
    public var artifacts: [DiskConfig.Artifact] {
        var seen: Set<DiskConfig.Artifact> = []
        let wanted = disk.artifacts.isEmpty ? [DiskConfig.Artifact(imageType == .img ? .tar : .raw)] : disk.artifacts
        return wanted.filter { seen.insert($0).inserted }
    }
}
