import Hashing
import OSDisk
import OSPackages
import OSTemplate
import OSTree
import SystemCalls
import SystemPackage

extension Composer {
    /// Builds an image that the image cache does not have.
    func make(
        _ resolved: ResolvedTemplate, _ options: BuildOptions, _ usesImages: Bool, _ target: FilePath,
        _ clock: StageClock, _ report: inout BuildReport
    ) async throws {
        let template = resolved.template
        let resolution = try resolved.lock.bound(
            to: template.repositories, named: LockFile.path(for: template.path))
        try require(TreeBuilder.tools(for: template.provider) + DiskBuilder.tools(for: template))
        let work = workFolder(of: template.provider)
        clock.begin("packages")
        let usesPackages = options.usesPackageCache ?? template.usesPackageCache ?? configuration.packageCache.isEnabled
        let ownFolder = usesPackages ? nil : try Files.createTemporaryDirectory(in: work)
        defer { if let ownFolder { try? Files.removeTree(ownFolder) } }
        let cache = ownFolder.map { PackageCache(folder: $0) } ?? packages(of: template.provider)
        let using = try await cache.hold(.shared)
        defer { using.release() }
        let wanted = resolution.all
        let source = try source(of: template.provider)
        if resolved.isLocked {
            let held = try await packages(of: template.provider).hold(.exclusive)
            defer { held.release() }
            try await source.trust(template.repositories, of: template.provider, isOffline: options.isOffline)
        }
        let fetched = try await cache.ensure(
            wanted, from: source, isOffline: options.isOffline,
            workers: configuration.workers
        ) { [tell] done, total in tell(.downloaded(done, of: total)) }
        report.take(fetched)
        try cache.writeGraph(wanted)

        var order = TreeOrder(
            template: template, resolution: resolution, packageCache: cache.folder,
            workFolder: configuration.workFolder, environment: environment)
        order.usesEarlierTrees = options.usesTreeCache
        order.log = { [tell] in tell(.detail($0)) }
        order.stage = { clock.begin($0) }
        let tree = try await TreeBuilder(order).build()
        report.take(tree)

        let outputs = work.appending("imagebuild").appending(template.system.name)
        try Files.removeTree(outputs)
        try Files.createDirectories(outputs)
        let scratch = try Files.createTemporaryDirectory(in: work)
        defer {
            try? Files.removeTree(scratch)
            Unfinished.forget(scratch)
        }
        var disk = DiskOrder(
            template: template, rootfs: tree.tar, rootfsDigest: tree.sha256, folder: outputs, scratch: scratch,
            environment: environment)
        disk.stage = { clock.begin($0) }
        let made = try await DiskBuilder(disk).build()
        // A file of the template that changed meanwhile must not be kept under the hash of what it was.
        guard
            try ResolvedTemplate(template, lock: resolved.lock, isLocked: true).specification == resolved.specification
        else {
            throw ComposerError(
                .failed, "cannot keep the image of \(template.path.string): a file that it names changed meanwhile",
                hint: "build again")
        }
        let image = StoredImage(resolved, made, rootfs: tree.sha256)

        if usesImages {
            clock.begin("store")
            try await store(image, resolved, from: outputs)
        }
        report.outputs = try deliver(image, from: outputs, to: target, isOwn: options.output == nil)
        report.stages = clock.finish()
        try finish(report, resolved, in: target)
        if usesPackages { try await retainPackages(cache, keeping: Set(wanted.map(\.fileName))) }
    }

    /// Keeps the files of a build in the image cache, within its bounds.
    private func store(_ image: StoredImage, _ resolved: ResolvedTemplate, from outputs: FilePath) async throws {
        try Files.createDirectories(images.folder)
        let held = try await images.hold(.exclusive)
        defer { held.release() }
        TemporaryName.removeLeftovers(in: images.folder)
        let staged = try Files.createTemporaryDirectory(in: images.folder)
        do {
            for file in image.files { try Files.clone(outputs.appending(file.name), to: staged.appending(file.name)) }
            try images.noteCauses(resolved, in: staged)
            try images.keep(image, from: staged)
        } catch {
            try? Files.removeTree(staged)
            Unfinished.forget(staged)
            throw error
        }
        _ = try images.retain(
            .init(count: configuration.imageCache.maximumCount, bytes: configuration.imageCache.maximumBytes),
            keeping: image.specification)
    }

    /// Removes packages beyond the bounds; a cache that others use at the moment is left for another time.
    private func retainPackages(_ cache: PackageCache, keeping: Set<String>) async throws {
        _ = try await cache.retain(
            maxSize: configuration.packageCache.maximumBytes, retentionDays: configuration.packageCache.retentionDays,
            keeping: keeping)
    }
}

extension StoredImage {
    init(_ resolved: ResolvedTemplate, _ made: [DiskArtifact], rootfs: SHA256Digest) {
        let template = resolved.template
        self.init(
            specification: resolved.specification, name: template.name, imageVersion: template.version,
            provider: template.provider.description, created: FileStatus.Time.now.seconds,
            rootfs: rootfs.hexadecimal, packages: resolved.lock.resolution.all.count,
            files: made.map { one in
                File(
                    kind: one.artifact.kind.rawValue, compression: one.artifact.compression?.rawValue,
                    name: one.path.lastComponent?.string ?? "", size: one.size, sha256: one.sha256)
            })
    }
}

extension BuildReport {
    mutating func take(_ report: FetchReport) {
        cached = report.cached.count
        downloaded = report.downloaded.count
        replaced = report.replaced.map { ($0.package.fileName, $0.reason) }
        bytesSaved = report.bytesSaved
        bytesDownloaded = report.bytesDownloaded
    }

    mutating func take(_ tree: TreeResult) {
        chroot =
            switch tree.chroot {
            case .unused: "not needed"
            case .hit: "hit"
            case .made(let reason): "made: \(reason)"
            }
        rootfs =
            switch tree.origin {
            case .same: "the root file system of an earlier build"
            case .nearest(let added): "an earlier root file system and \(added.joined(separator: ", "))"
            case .base: "the base tree and all further packages"
            }
        rootfsDigest = tree.sha256.hexadecimal
    }
}
