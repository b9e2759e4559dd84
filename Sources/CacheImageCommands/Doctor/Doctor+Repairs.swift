import Console
import Engines
import Git
import ImageCache
import LFS
import Programs
import SystemCalls

/// What `--fix` does.
extension Doctor {
    /// What became of a finding that can be mended without harm.
    func repaired(_ finding: Diagnosis) async -> Diagnosis {
        guard let repair = finding.repair else { return finding }
        do {
            guard let text = try await mend(repair) else { return finding }
            return Diagnosis(state: .fixed, area: finding.area, text: text)
        } catch {
            let failure = Failure(describing: error)
            return .problem(finding.area, "\(finding.text); \(failure.message)", fix: failure.hint ?? finding.fix)
        }
    }

    /// Mends something; what was done, or nil where it did not help.
    private func mend(_ repair: Diagnosis.Repair) async throws -> String? {
        switch repair {
        case .filter:
            guard let opened, try FilterInstallation(opened, program: programWord).install() else { return nil }
            return "set filter.lfs in the repository's configuration"
        case .hook:
            guard let opened else { return nil }
            let hook = PrePushHook(opened, program: programWord)
            _ = try hook.removeOrphans()
            switch try hook.install() {
            case .installed, .repaired: return "wrote the pre-push hook"
            case .upToDate, .foreign, .switchedOff: return nil
            }
        case .attributes:
            guard let opened, let cache, let configuration, let folder = opened.relativePath(of: cache.folder) else {
                return nil
            }
            try CacheAttributes.ensure(in: opened, cache: folder)
            opened.forgetRules()
            let isRight = try stagingCheck(opened, folder, configuration).obstacleOfConversion() == nil
            return isRight ? "wrote the lines of \(AttributesFile.name) for \(folder); commit the file" : nil
        case .leftovers:
            guard let cache else { return nil }
            let count = cache.leftoverFiles.count
            cache.removeLeftovers()
            return cache.leftoverFiles.isEmpty ? "removed \(Quantity.count(count, "file")) of killed commands" : nil
        case .containers:
            guard let cache else { return nil }
            let engine = try await cache.engines.engine()
            let count = engine.leftContainers.count
            await engine.removeLeftContainers()
            return engine.leftContainers.isEmpty ? "removed \(Quantity.count(count, "container")) of killed runs" : nil
        }
    }
}
