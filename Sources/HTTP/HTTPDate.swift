/// The dates of HTTP header fields (RFC 9110, 5.6.7).
public enum HTTPDate {
    /// Seconds since 1970-01-01T00:00:00Z, from any of the three forms; nil for anything else.
    public static func parse(_ text: String) -> Int64? {
        let words = text.split { " ,-:".contains($0) }.map(String.init)
        if words.count == 8 && words[7] == "GMT" {
            return seconds(year: words[3], month: words[2], day: words[1], words[4...6])
        }
        if words.count == 7, words[2].first?.isNumber == true {
            return seconds(year: words[6], month: words[1], day: words[2], words[3...5])
        }
        return nil
    }

    /// How many seconds a `Retry-After` field asks for: a number of seconds or a date; nil for anything else.
    public static func retryAfter(_ text: String, now: Int64) -> Int64? {
        if let seconds = Int64(text), text.allSatisfy(\.isNumber) { return seconds }
        return parse(text).map { max(0, $0 - now) }
    }

    private static func seconds(year: String, month: String, day: String, _ clock: ArraySlice<String>) -> Int64? {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let times = clock.compactMap { $0.allSatisfy(\.isNumber) ? Int64($0) : nil }
        guard var year = Int64(year), let month = months.firstIndex(of: month), let day = Int64(day),
            (1...31).contains(day), times.count == 3, times[0] < 24, times[1] < 60, times[2] <= 60,
            (0...9999).contains(year)
        else { return nil }
        if year < 100 { year += year < 70 ? 2000 : 1900 }
        return daysSince1970(year: year, month: Int64(month) + 1, day: day) * 86400
            + times[0] * 3600 + times[1] * 60 + times[2]
    }

    /// The day's number in the proleptic Gregorian calendar, 1970-01-01 being 0.
    public static func daysSince1970(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
