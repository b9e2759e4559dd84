import Glibc
import Hashing
import OSPackages
import OSTemplate
import Programs
import SystemCalls
import SystemPackage

/// Makes the root file system of an image, from what earlier builds left where that gives the same bytes.
public struct TreeBuilder: Sendable {
    let order: TreeOrder
    let folders: TreeFolders
    let site: TreeSite
    let family: any TreeFamily
    let tar: TreeTar
    let earlier: EarlierTrees
    let baseKey: String
    let packagesKey: String

    /// The host programs that trees of a provider need.
    public static func tools(for provider: Provider) -> [HostTool] {
        let family =
            switch provider.family {
            case .deb: DebTree.tools
            case .rpm: RPMFamily.tools
            }
        let common = [
            HostTool("tar", package: "tar"), HostTool("gzip", package: "gzip"), HostTool("cp", package: "coreutils"),
            HostTool("unshare", package: "util-linux"), HostTool("mount", package: "mount"),
        ]
        return family + common.filter { !family.contains($0) }
    }

    /// Prepares a build; nothing is touched yet.
    public init(_ order: TreeOrder) {
        self.init(order) { site in
            switch order.template.provider.family {
            case .deb: DebTree(site: site)
            case .rpm: RPMFamily(site: site)
            }
        }
    }

    /// Prepares a build with another way to handle packages.
    init(_ order: TreeOrder, family make: (TreeSite) -> any TreeFamily) {
        self.order = order
        folders = TreeFolders(workFolder: order.workFolder, provider: order.template.provider)
        let programs = TreePrograms(home: folders.scratch, log: order.log)
        site = TreeSite(
            template: order.template, packageCache: order.packageCache, scratch: folders.scratch, programs: programs)
        family = make(site)
        tar = TreeTar(programs: programs)
        earlier = EarlierTrees(folder: folders.earlier)
        baseKey = TreeKeys.base(order.template, order.resolution)
        packagesKey = TreeKeys.packages(order.template, order.resolution)
    }

    /// Builds the root file system; the caller holds the provider's lock.
    ///
    /// - Throws: `TreeError`, `PackageError`; `CancellationError` where the task is cancelled, and then nothing still runs.
    public func build() async throws -> TreeResult {
        do {
            return try await made()
        } catch let error as TreeError {
            try Task.checkCancellation()
            throw error
        } catch let error as PackageError {
            try Task.checkCancellation()
            throw error
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            try Task.checkCancellation()
            throw TreeError(error is ProgramError ? .tool : .file, Printable.escaped("\(error)"))
        }
    }

    private func made() async throws -> TreeResult {
        guard geteuid() == 0 else {
            throw TreeError(
                .privilege, "cannot make the root file system: only root may", hint: "run the command with sudo")
        }
        try prepare()
        defer { try? TreeRemoval.remove(folders.scratch) }
        let clock = TreeClock(order.stage)
        let rootfsKey = try TreeKeys.rootfs(order.template, order.resolution)
        if order.usesEarlierTrees {
            clock.begin("rootfs")
            if let same = try await sound(try earlier.all().filter { $0.kind == .rootfs && $0.key == rootfsKey }) {
                return result(same, .same, .unused, clock)
            }
        }
        let (origin, chroot) = try await installed(clock)
        let tree = InsideTree(root: try Files.realPath(folders.tree))
        clock.begin("configure")
        try await TreeConfiguring(site: site, family: family, tree: tree).run()
        try normalise(tree)
        guard try TreeKeys.rootfs(order.template, order.resolution) == rootfsKey else {
            throw TreeError(
                .configuration, "cannot keep the root file system: a file that the template names changed meanwhile",
                hint: "build again")
        }
        clock.begin("pack")
        let place = order.usesEarlierTrees ? earlier.tar(rootfsKey) : folders.unkept
        let packed = try await tar.write(folders.tree, to: place)
        let record = record(.rootfs, rootfsKey, order.resolution.extras, packed)
        if order.usesEarlierTrees {
            try record.write(earlier.record(rootfsKey))
            try earlier.retain()
        }
        return result(record, origin, chroot, clock)
    }

    /// Makes the folders, and removes what a build that was killed left in them.
    private func prepare() throws {
        try Files.createDirectories(folders.provider)
        for folder in [folders.building, folders.earlier] {
            try Files.createDirectories(folder, permissions: 0o700)
            for path in try TemporaryName.leftovers(in: folder) { try TreeRemoval.remove(path) }
        }
        for path in [folders.tree, folders.scratch, folders.unkept, folders.newBase] { try TreeRemoval.remove(path) }
        try Files.createDirectories(folders.scratch, permissions: 0o755)
    }

    /// Normalises the tree, as each one is that is packed.
    func normalise(_ tree: InsideTree) throws {
        try TreeNormalising.apply(to: tree)
        try family.normalise(tree)
    }

    /// The first of some trees whose file is what its record says; the others are removed.
    func sound(_ records: [TreeRecord]) async throws -> TreeRecord? {
        for record in records {
            if try await tar.isIntact(earlier.tar(record.key), record) {
                try earlier.touch(record)
                return record
            }
            order.log("an earlier root file system is damaged, and removed: \(record.key.prefix(12))")
            try earlier.remove(record.key)
        }
        return nil
    }

    /// What is written beside a tree of this order.
    func record(
        _ kind: TreeRecord.Kind, _ key: String, _ packages: [Package], _ packed: (digest: SHA256Digest, size: Int64)
    ) -> TreeRecord {
        TreeRecord(
            kind: kind, key: key, baseKey: baseKey, recipe: Int64(RecipeVersion.number),
            list: order.template.basePackages, signers: order.resolution.signers,
            packages: packages.map(TreeRecord.Part.init), sha256: packed.digest, size: packed.size,
            used: TreeRecord.now)
    }

    private func result(
        _ record: TreeRecord, _ origin: TreeResult.Origin, _ chroot: TreeResult.Chroot, _ clock: TreeClock
    ) -> TreeResult {
        TreeResult(
            tar: order.usesEarlierTrees ? earlier.tar(record.key) : folders.unkept, sha256: record.sha256,
            size: record.size, baseKey: baseKey, rootfsKey: record.key, origin: origin, chroot: chroot,
            stages: clock.finish())
    }
}
