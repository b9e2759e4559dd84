import Glibc
import Hashing
import JSON
import OCI
import Records
import SystemCalls

/// One line of the journal: what a command did about one image (docs/journal.md).
public struct JournalEntry: Sendable {
    /// What became of it.
    public enum Result: Hashable, Sendable {
        /// Something was done, or nothing was to be done.
        case done(Outcome.Action)
        /// It failed; the number is the exit status that stands for the reason.
        case failed(status: Int32)

        /// The word of the journal.
        var word: String {
            switch self {
            case .done(.current): "hit"
            case .done(let action): action.rawValue
            case .failed: "failed"
            }
        }
    }

    /// When it ended, in seconds since 1970.
    public var time: Int64
    /// The image.
    public var image: ImageName
    /// What became of it.
    public var result: Result
    /// The entry's key; nil where it is not known.
    public var key: SHA256Digest?
    /// Why something was to be done, as `explain` says it.
    public var reasons: [String] = []
    /// How long it took.
    public var duration: Duration
    /// Bytes that the engine was sent.
    public var bytesSent: Int64 = 0
    /// Bytes that were taken from the engine.
    public var bytesRead: Int64 = 0

    /// Notes an outcome.
    public init(_ outcome: Outcome, time: Int64 = FileStatus.Time.now.seconds) {
        self.time = time
        image = outcome.image
        result = .done(outcome.action)
        key = outcome.key
        reasons = outcome.reasons.map(\.description)
        duration = outcome.duration
        bytesSent = outcome.bytesSent
        bytesRead = outcome.bytesRead
    }

    /// Notes a failure.
    public init(
        failed image: ImageName, status: Int32, duration: Duration, time: Int64 = FileStatus.Time.now.seconds
    ) {
        self.time = time
        self.image = image
        result = .failed(status: status)
        self.duration = duration
    }

    /// The line with its end: one JSON object of at most `InputLimit.journalLine` bytes.
    var line: [UInt8] {
        var shown = reasons.prefix(Self.reasonCount).map { Self.cut($0) }
        while true {
            let bytes = Array((json(shown).text + "\n").utf8)
            if bytes.count <= InputLimit.journalLine || shown.isEmpty { return bytes }
            shown.removeLast()
        }
    }

    /// How many reasons are told.
    private static let reasonCount = 10

    private static func cut(_ reason: String) -> String {
        let shown = ShownURL.masked(reason)
        return shown.count > 200 ? shown.prefix(200) + "…" : shown
    }

    private func json(_ shown: [String]) -> JSONValue {
        var members: [JSONValue.Member] = [
            .init("time", .string(Self.text(of: time))), .init("image", .string(image.description)),
            .init("what", .string(result.word)), .init("key", key.map { .string($0.hexadecimal) } ?? .null),
            .init("seconds", .number((duration / .milliseconds(1)).rounded() / 1000)),
            .init("bytesSent", .integer(bytesSent)), .init("bytesRead", .integer(bytesRead)),
        ]
        if case .failed(let status) = result { members.append(.init("status", .integer(Int64(status)))) }
        if !reasons.isEmpty {
            members.append(.init("reasons", .strings(shown)))
            members.append(.init("reasonCount", .integer(Int64(reasons.count))))
        }
        return .object(members)
    }

    /// `2026-11-29T01:15:00Z`.
    private static func text(of time: Int64) -> String {
        var seconds = time_t(time)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))"
            + "T\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))Z"
    }
}
