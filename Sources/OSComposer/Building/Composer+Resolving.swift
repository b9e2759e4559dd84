import Hashing
import OSPackages
import OSTemplate
import SystemPackage

extension Composer {
    /// The packages of a template: those of its lock file where that fits, else what the repositories have now.
    func resolve(
        _ template: OSTemplate, _ options: BuildOptions, _ clock: StageClock
    ) async throws -> ResolvedTemplate {
        let place = LockFile.path(for: template.path)
        let request = try SpecificationKey.request(of: template)
        let old = options.refreshes ? nil : try LockFile.read(place)
        if let old, old.request == request, old.provider == template.provider.description {
            return try ResolvedTemplate(template, lock: old, isLocked: true)
        }
        if options.isLocked {
            throw ComposerError(
                .stale,
                "cannot use \(place.string): "
                    + (old == nil ? "it is not there" : "the template asks for other packages than it was made of"),
                hint: "image-composer resolve \(template.path.string) writes it")
        }
        try requireRoot()
        let lock = try await freshLock(template, isOffline: options.isOffline, clock)
        let resolved = try ResolvedTemplate(template, lock: lock, isLocked: false)
        try lock.write(place)
        return resolved
    }

    /// What the repositories have now.
    func freshLock(
        _ template: OSTemplate, isOffline: Bool, _ clock: StageClock
    ) async throws -> LockFile {
        clock.begin("resolve")
        try template.checkRepositories()
        let source = try source(of: template.provider)
        let cache = packages(of: template.provider)
        let held = try await cache.hold(.exclusive)
        defer { held.release() }
        let resolution = try await source.resolve(
            PackageRequest(
                provider: template.provider, repositories: template.repositories, base: template.basePackages,
                extras: template.extraPackages), isOffline: isOffline)
        return LockFile(
            request: try SpecificationKey.request(of: template), provider: template.provider.description,
            resolution: resolution)
    }

    /// Compares what a template's lock file has with what the repositories have now; writes nothing.
    public func difference(_ path: FilePath, isOffline: Bool) async throws -> (lock: LockFile, lines: [String]?) {
        let template = try OSTemplate.load(path, environment: environment)
        _ = warnUnchecked(template)
        let clock = StageClock { _ in }
        let fresh = try await freshLock(template, isOffline: isOffline, clock)
        let old = try LockFile.read(LockFile.path(for: path))
        return (fresh, old.map { ResolutionDifference.lines(from: $0.resolution, to: fresh.resolution) })
    }

    /// Says which repositories nothing proves; the same lines for the report.
    func warnUnchecked(_ template: OSTemplate) -> [String] {
        let warnings = template.repositories.filter { $0.trust == .unchecked }.map {
            "nothing proves what comes from \($0.url): it is [trusted=yes]"
        }
        for warning in warnings { tell(.warning(warning)) }
        return warnings
    }

    /// The way to a provider's packages, its tools looked for.
    func source(of provider: Provider) throws -> any PackageSource {
        let state = configuration.cacheFolder.appending("pkgCache").appending(provider.description)
        let log: @Sendable (String) -> Void = { [tell] in tell(.detail($0)) }
        switch provider.family {
        case .deb:
            try require(AptSource.tools)
            return AptSource(stateFolder: state.appending(".apt"), environment: environment, log: log)
        case .rpm:
            try require(RPMSource.tools)
            return RPMSource(stateFolder: state.appending(".dnf"), environment: environment, log: log)
        }
    }

    /// Refuses to begin where a program is missing.
    func require(_ tools: [HostTool]) throws(ComposerError) {
        let missing = HostTool.missing(of: tools, environment: environment)
        if missing.isEmpty { return }
        throw ComposerError(
            .usage, "cannot build: \(missing.map(\.name).joined(separator: ", ")) not on PATH",
            hint: "sudo apt-get install \(Set(missing.map(\.package)).sorted().joined(separator: " "))")
    }
}
