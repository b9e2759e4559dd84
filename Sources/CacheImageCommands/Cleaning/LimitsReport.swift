import ArgumentParser
import CommandSession
import Configuration
import Console
import ImageCache
import JSON
import SystemCalls

/// `clean --limits`: what versions of images take on this machine, in the form of monitoring plugins.
enum LimitsReport {
    /// Prints the report and ends with its status.
    static func run(_ options: GlobalOptions) async throws {
        let state: MonitoringState
        do {
            let session = try Session(options, needsConfiguration: false)
            state = try await show(session.terminal, session.cache.retention)
        } catch let error as CancellationError {
            throw error
        } catch {
            PlainOutput.print("\(MonitoringState.unknown.word) \(Failure(describing: error).message)")
            throw ArgumentParser.ExitCode(MonitoringState.unknown.rawValue)
        }
        if state != .ok { throw ArgumentParser.ExitCode(state.rawValue) }
    }

    private static func show(_ terminal: Terminal, _ retention: Retention) async throws -> MonitoringState {
        let versions = try await retention.versions()
        let total = versions.total(\.pointer.size)
        let warning = retention.limits.warningGigabytes.map { $0 * 1e9 }
        let critical = retention.limits.criticalGigabytes.map { $0 * 1e9 }
        let state = MonitoringState(total, warning: warning, critical: critical)
        let files = Dictionary(grouping: versions, by: \.path).sorted { $0.key < $1.key }
        if terminal.options.isJSON {
            let elements = files.map { path, versions -> JSONValue in
                [
                    "path": .string(path.percentEncoded), "versions": .integer(Int64(versions.count)),
                    "size": .integer(versions.total(\.pointer.size).bytes),
                ]
            }
            terminal.json([
                "state": .string(state.word), "size": .integer(total.bytes), "images": .array(elements),
                "maxSize": .integer(retention.limits.maximumBytes),
            ])
        } else {
            terminal.line(
                "\(state.word) \(Quantity.count(versions.count, "version")), \(Quantity.bytes(total)) of "
                    + "\(Quantity.bytes(Size(retention.limits.maximumBytes)))"
                    + MonitoringState.performance(
                        total, warning: warning, critical: critical, maximum: retention.limits.maximumBytes)
            )
            for (path, versions) in files {
                let size = Quantity.bytes(versions.total(\.pointer.size))
                terminal.line("\(path.percentEncoded): \(Quantity.count(versions.count, "version")), \(size)")
            }
        }
        try terminal.finish()
        return state
    }
}
