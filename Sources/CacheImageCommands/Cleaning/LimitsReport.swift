import ArgumentParser
import CommandSession
import Configuration
import Console
import ImageCache
import JSON
import SystemCalls

/// `clean --limits`: what versions of images take on this machine, in the form of monitoring plugins.
enum LimitsReport {
    /// How a size stands to the limits; the raw value is the exit status.
    enum State: Int32 {
        case ok = 0
        case warning = 1
        case critical = 2
        case unknown = 3

        /// Judges a size.
        init(_ size: Size, _ limits: StorageLimits) {
            func reaches(_ gigabytes: Double?) -> Bool { gigabytes.map { Double(size.bytes) >= $0 * 1e9 } ?? false }
            self =
                reaches(limits.criticalGigabytes) ? .critical : reaches(limits.warningGigabytes) ? .warning : .ok
        }

        /// The word that such a line begins with.
        var word: String { "\(self)".uppercased() }
    }

    /// Prints the report and ends with its status.
    static func run(_ options: GlobalOptions) async throws {
        let state: State
        do {
            let session = try Session(options, needsConfiguration: false)
            state = try await show(session.terminal, session.cache.retention)
        } catch let error as CancellationError {
            throw error
        } catch {
            PlainOutput.print("\(State.unknown.word) \(Failure(describing: error).message)")
            throw ArgumentParser.ExitCode(State.unknown.rawValue)
        }
        if state != .ok { throw ArgumentParser.ExitCode(state.rawValue) }
    }

    private static func show(_ terminal: Terminal, _ retention: Retention) async throws -> State {
        let versions = try await retention.versions()
        let total = versions.total(\.pointer.size)
        let state = State(total, retention.limits)
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
            let bounds = [retention.limits.warningGigabytes, retention.limits.criticalGigabytes].map {
                $0.map { "\(Int64($0 * 1e9))" } ?? ""
            }
            terminal.line(
                "\(state.word) \(Quantity.count(versions.count, "version")), \(Quantity.bytes(total)) of "
                    + "\(Quantity.bytes(Size(retention.limits.maximumBytes)))"
                    + "|size=\(total)B;\(bounds[0]);\(bounds[1]);0;\(retention.limits.maximumBytes)")
            for (path, versions) in files {
                let size = Quantity.bytes(versions.total(\.pointer.size))
                terminal.line("\(path.percentEncoded): \(Quantity.count(versions.count, "version")), \(size)")
            }
        }
        try terminal.finish()
        return state
    }
}
