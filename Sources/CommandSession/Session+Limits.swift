import Configuration
import Console
import ImageCache
import OCI
import SystemCalls

extension Session {
    /// Keeps the limits of older versions after this command has stored images, and says what they take.
    ///
    /// What was stored is stored: a failure here is a warning.
    package func keepLimits() async throws {
        if stored.isEmpty { return }
        do {
            guard let plan = try await cache.retention.keepLimits() else { return }
            for line in lines(plan) { terminal.note(line) }
        } catch let error as CancellationError {
            throw error
        } catch {
            let failure = Failure(describing: error)
            terminal.warning(
                "the limits of older versions were not kept: \(failure.message)", hint: "cache-image clean")
        }
    }

    private func lines(_ plan: RetentionPlan) -> [String] {
        var lines: [String] = []
        if !plan.removed.isEmpty {
            let count = Quantity.count(plan.removed.count, "older version")
            lines.append("removed \(count) (\(Quantity.bytes(plan.removedSize))) that a remote has")
        }
        let bound = Quantity.bytes(plan.bound)
        for image in stored {
            let path = cache.entries.paths(of: image).archive.lastComponent?.string
            let own = plan.kept.map(\.version).filter {
                String(decoding: $0.path.lastComponent, as: UTF8.self) == path
            }
            let size = own.total(\.pointer.size)
            if size.bytes > plan.bound.bytes / 10 {
                let count = Quantity.count(own.count, "local version")
                lines.append("\(image.name): \(count), \(Quantity.bytes(size)) of the \(bound) for all (max_size_gb)")
            }
        }
        if plan.exceedsBound {
            lines.append(
                "local versions take \(Quantity.bytes(plan.keptSize)), more than the \(bound) of max_size_gb: "
                    + "they are needed, or no remote is known to have them; cache-image clean asks")
        }
        return lines
    }
}
