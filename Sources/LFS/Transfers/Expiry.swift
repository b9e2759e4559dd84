import HTTP
import JSON
import SystemCalls

/// Until when an action or a login may be used.
struct Expiry: Hashable, Sendable {
    /// Seconds since 1970; nil for ever.
    let time: Int64?

    /// Does not end.
    init() {
        time = nil
    }

    /// Reads `expires_in`, which counts from the request and wins, and `expires_at`; zero values mean no end.
    init(_ action: JSONValue, requestedAt start: Int64) {
        if let seconds = action["expires_in"]?.integer, seconds != 0 {
            let (sum, overflows) = start.addingReportingOverflow(seconds)
            time = overflows ? nil : sum
        } else {
            time = action["expires_at"]?.string.flatMap(Self.parse)
        }
    }

    /// Whether there are more than five seconds left.
    func isUsable(at now: Int64) -> Bool {
        guard let time else { return true }
        let (end, overflows) = time.subtractingReportingOverflow(5)
        return !overflows && now < end
    }

    /// Reads a time of RFC 3339; nil for the zero time 0001-01-01 and for anything else.
    static func parse(_ text: String) -> Int64? {
        let bytes = Array(text.utf8)
        func number(_ range: Range<Int>) -> Int64? {
            range.upperBound <= bytes.count ? Int64(String(decoding: bytes[range], as: UTF8.self)) : nil
        }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10), let hour = number(11..<13),
            let minute = number(14..<16), let second = number(17..<19), year > 1, (1...12).contains(month),
            bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"), bytes[13] == UInt8(ascii: ":")
        else { return nil }
        var zone = bytes[19...]
        if zone.first == UInt8(ascii: ".") {
            zone = zone.dropFirst().drop { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        }
        guard let offset = offset(String(decoding: zone, as: UTF8.self)) else { return nil }
        let days = HTTPDate.daysSince1970(year: year, month: month, day: day)
        return days * 86400 + hour * 3600 + minute * 60 + second - offset
    }

    /// Seconds east of UTC of `Z` or `+hh:mm`.
    private static func offset(_ zone: String) -> Int64? {
        if zone.lowercased() == "z" { return 0 }
        let parts = zone.dropFirst().split(separator: ":")
        guard zone.first == "+" || zone.first == "-", parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 }),
            let hours = Int64(parts[0]), let minutes = Int64(parts[1])
        else { return nil }
        return (hours * 3600 + minutes * 60) * (zone.first == "-" ? -1 : 1)
    }
}
