import Glibc
import Hashing
import OSDisk
import OSPackages
import OSTemplate
import OSTree
import Programs
import SystemCalls
import SystemPackage

/// Builds OS images of templates: lock file, image cache, package cache, trees and disks in their order.
public struct Composer: Sendable {
    /// Folders, limits and workers.
    public let configuration: ComposerConfiguration
    /// The variables of the caller.
    public let environment: [String: String]
    let tell: @Sendable (ComposerEvent) -> Void

    /// Prepares builds.
    ///
    /// - Parameter tell: Gets what a build says; from any thread.
    public init(
        configuration: ComposerConfiguration, environment: [String: String],
        tell: @escaping @Sendable (ComposerEvent) -> Void
    ) {
        self.configuration = configuration
        self.environment = environment
        self.tell = tell
    }

    /// The image cache.
    public var images: ImageStore { ImageStore(cacheFolder: configuration.cacheFolder) }

    /// The package cache of a provider.
    public func packages(of provider: Provider) -> PackageCache {
        PackageCache(folder: configuration.cacheFolder.appending("pkgCache").appending(provider.description))
    }

    /// The folder of a provider's trees and outputs.
    func workFolder(of provider: Provider) -> FilePath {
        configuration.workFolder.appending(provider.description)
    }

    /// Builds the image of a template, or copies it from the image cache.
    ///
    /// - Throws: `TemplateError`, `PackageError`, `TreeError`, `DiskError`, `ComposerError`, or an error of this machine.
    public func build(_ path: FilePath, _ options: BuildOptions) async throws -> BuildReport {
        let clock = StageClock { [tell] in tell(.stage($0)) }
        clock.begin("template")
        var template = try OSTemplate.load(path, environment: environment)
        if let artifacts = options.artifacts { template.disk.artifacts = artifacts }
        let target = try outputPlace(options, template)
        let resolved = try await resolve(template, options, clock)
        var report = BuildReport(
            name: template.name, version: template.version, provider: template.provider.description,
            specification: resolved.specification)
        report.resolution = resolved.isLocked ? "locked" : "resolved"
        report.packages = resolved.lock.resolution.all.count
        report.warnings = warnUnchecked(template)
        let work = try prepareFolders(for: template.provider)
        clock.begin("wait")
        let building = try await OpenFileLock.wait(for: work.appending(".lock"), .exclusive)
        defer { building.release() }
        let usesImages = options.usesImageCache ?? template.usesImageCache ?? configuration.imageCache.isEnabled
        if usesImages {
            clock.begin("image cache")
            // Nobody removes the image while it is copied.
            let held = Files.exists(images.folder) ? try await images.hold(.shared) : nil
            defer { held?.release() }
            if let image = try hit(resolved, &report) {
                report.outputs = try deliver(image, to: target, isOwn: options.output == nil)
                report.isImageHit = true
                report.stages = clock.finish()
                try finish(report, resolved, in: target)
                return report
            }
        } else {
            report.imageReason = "switched off"
        }
        if options.isFrozen {
            throw ComposerError(
                .stale,
                "cannot use the image of \(path.string): \(report.imageReason), and --frozen forbids to build it",
                hint: "image-composer build \(path.string)")
        }
        try requireRoot()
        TemporaryName.removeLeftovers(in: work)
        try await make(resolved, options, usesImages, target, clock, &report)
        return report
    }

    /// Refuses to build as a user who cannot own the files of an image.
    func requireRoot() throws(ComposerError) {
        if geteuid() != 0 {
            throw ComposerError(
                .usage, "cannot build an OS image as user \(geteuid()): the files of an image belong to many users",
                hint: "sudo image-composer build …")
        }
    }
}
