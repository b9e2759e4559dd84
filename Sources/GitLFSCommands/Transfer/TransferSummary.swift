import JSON
import LFS
import SystemCalls

/// What a push or a fetch has moved: git-lfs's last line, and the document of `--json`.
struct TransferSummary {
    private(set) var outcomes: [TransferOutcome] = []
    private let start = ContinuousClock.now

    /// Adds the outcomes of some objects.
    mutating func add(_ more: [TransferOutcome]) {
        outcomes += more
    }

    /// Whether nothing failed.
    var isComplete: Bool { outcomes.allSatisfy { $0.error == nil } }

    /// `Uploading LFS objects: 100% (2/2), 1.5 MB | 3 MB/s, done.`; nil where nothing was moved or found in its place.
    func line(_ title: String) -> String? {
        let finished = outcomes.filter { outcome in
            if case .planned = outcome.result { false } else { outcome.error == nil }
        }
        if finished.isEmpty { return nil }
        let bytes = finished.total { $0.object.pointer.size }
        return Self.line(
            title, count: finished.count, of: outcomes.count, bytes: bytes, in: ContinuousClock.now - start)
    }

    /// The line of git-lfs for something that is over.
    static func line(_ title: String, count: Int, of total: Int, bytes: Size, in time: Duration) -> String {
        let milliseconds = max(1, UInt64(time / .milliseconds(1)))
        let (product, overflows) = (bytes.bytes.magnitude / milliseconds).multipliedReportingOverflow(by: 1000)
        let rate = ByteCount.text(overflows ? .max : product)
        let percent = total == 0 ? 100 : count * 100 / total
        let padding = String(repeating: " ", count: max(0, 3 - "\(percent)".count))
        return "\(title): \(padding)\(percent)% (\(count)/\(total)), \(ByteCount.text(bytes)) | \(rate)/s, done."
    }

    /// `{"transfers": […]}` of the objects that were to be moved; those that were in their place are left out.
    ///
    /// - Parameters:
    ///   - place: The name of the other side's member: `from` or `to`.
    ///   - endpoint: The other side; a login in its URL is not shown.
    ///   - store: The object store.
    func document(_ place: String, _ endpoint: Endpoint?, _ store: ObjectStore) -> JSONValue {
        let other = endpoint.map { JSONValue.string(String($0.description.prefix { $0 != "?" })) } ?? .null
        return [
            "transfers": .array(
                outcomes.compactMap { outcome in
                    if case .alreadyThere = outcome.result { return nil }
                    let object = outcome.object
                    var members: [JSONValue.Member] = [
                        .init("name", .string(object.path?.percentEncoded ?? "")),
                        .init("oid", .string(object.oid.hexadecimal)),
                        .init("size", .integer(object.pointer.size.bytes)),
                        .init(place, other), .init("path", .string(store.path(of: object.oid).string)),
                        .init("status", .string(Self.word(outcome.result))),
                    ]
                    if let error = outcome.error {
                        members.append(.init("error", .string(error.kind.rawValue)))
                        members.append(.init("message", .string(error.description)))
                    }
                    return .object(members)
                })
        ]
    }

    private static func word(_ result: TransferOutcome.Result) -> String {
        switch result {
        case .transferred: "transferred"
        case .planned: "planned"
        case .alreadyThere: "present"
        case .failed: "failed"
        }
    }
}
