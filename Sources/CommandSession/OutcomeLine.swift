import Console
import ImageCache
import JSON

extension Outcome {
    /// `ACTION NAME:TAG KEY12 IMAGEID12 SECONDS`; a dash stands for no value.
    public var line: String {
        let keyText = key?.short ?? "-"
        let imageText = imageID?.short ?? "-"
        return "\(action.rawValue) \(image) \(keyText) \(imageText) \(Quantity.decimals(Quantity.seconds(duration), 2))"
    }

    /// The element of the document that `--json` asks for.
    package var json: JSONValue {
        [
            "image": .string(image.description), "action": .string(action.rawValue),
            "key": key.map { .string($0.hexadecimal) } ?? .null,
            "imageID": imageID.map { .string($0.description) } ?? .null,
            "seconds": .number((Quantity.seconds(duration) * 100).rounded() / 100),
            "reasons": ReasonList.json(reasons), "bytesSent": .integer(bytesSent),
            "bytesRead": .integer(bytesRead),
            "steps": steps.map { .integer(Int64($0.total)) } ?? .null,
            "stepsReused": steps.map { .integer(Int64($0.reused)) } ?? .null,
        ]
    }
}

extension Session {
    /// Shows what was done about the selected images, failures that were not shown yet included.
    package func show(_ results: [ImageResult]) async throws {
        let byName = Dictionary(results.map { ($0.image.name, $0.result) }) { $1 }
        let selected = Set(configuration.selected.map(\.name))
        for case .success(let outcome) in results.map(\.result) where !selected.contains(outcome.image) {
            showOnTheWay(outcome)
        }
        try await forEachImage { image in
            guard let result = byName[image.name] else { return .null }
            return show(try result.get())
        }
    }

    /// Shows what was done about an image that the command is not about: what it needs is up to date.
    package func showOnTheWay(_ outcome: Outcome) {
        terminal.detail(outcome.line)
        guard let failure = outcome.stagingFailure else { return }
        terminal.warning(
            "the entry of \(outcome.image) is not staged: \(failure.reason)",
            hint: failure.hint ?? "cache-image update \(outcome.image)")
    }

    /// Shows what was done about an image: a line, or the element of the JSON document.
    ///
    /// An entry that could not be staged is an error of its own, after the line.
    package func show(_ outcome: Outcome) -> JSONValue {
        if !terminal.options.isJSON { terminal.line(outcome.line) }
        guard let obstacle = outcome.stagingFailure, case .object(let members) = outcome.json else {
            return outcome.json
        }
        let failure = Failure(describing: CacheError.notStaged(image: outcome.image.description, obstacle))
        terminal.report(failure)
        noteStatus(failure.code)
        return .object(members + [.init("error", .string(failure.message))])
    }
}
