import SystemCalls

/// Numbers as people read them.
public enum Quantity {
    /// A size in decimal units, as engines and git-lfs print it: `950 B`, `1.2 MB`, `12 GB`.
    public static func bytes(_ size: Size) -> String {
        let units = ["B", "kB", "MB", "GB", "TB", "PB"]
        var value = Double(size.bytes)
        var unit = 0
        while value >= 999.5, unit < units.count - 1 {
            value /= 1000
            unit += 1
        }
        return "\(unit > 0 && value < 9.95 ? decimals(value, 1) : decimals(value, 0)) \(units[unit])"
    }

    /// How many of something there are: `1 file`, `2 files`.
    public static func count(_ number: Int, _ thing: String) -> String { "\(number) \(thing)\(number == 1 ? "" : "s")" }

    /// A time span: `8 ms`, `2.1 s`, `45 s`, `1 min 3 s`, `2 h 5 min`.
    public static func duration(_ duration: Duration) -> String {
        let seconds = Self.seconds(duration)
        if seconds < 0.9995 { return "\(decimals(seconds * 1000, 0)) ms" }
        if seconds < 9.95 { return "\(decimals(seconds, 1)) s" }
        if seconds < 59.5 { return "\(decimals(seconds, 0)) s" }
        let whole = Int(seconds.rounded())
        return whole < 3600 ? "\(whole / 60) min \(whole % 60) s" : "\(whole / 3600) h \(whole % 3600 / 60) min"
    }

    /// How long ago a time was: `45 s`, `12 min`, `5 h`, `3 d`.
    public static func age(_ now: Int64, since time: Int64) -> String {
        let seconds = max(0, (Size(now) - Size(time)).bytes)
        if seconds < 60 { return "\(seconds) s" }
        if seconds < 3600 { return "\(seconds / 60) min" }
        return seconds < 172_800 ? "\(seconds / 3600) h" : "\(seconds / 86_400) d"
    }

    /// A time in seconds since 1970 as `2026-11-29T01:15:00Z`.
    public static func time(_ seconds: Int64) -> String { UTCTime.text(of: seconds) }

    /// A time span in seconds.
    public static func seconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
    }

    /// A number with a fixed count of decimals, `.` before them whatever the locale.
    public static func decimals(_ value: Double, _ count: Int) -> String {
        guard value.isFinite, value.magnitude < 1e15 else { return "\(value)" }
        var factor = 1.0
        for _ in 0..<count { factor *= 10 }
        let scaled = Int64((value.magnitude * factor).rounded())
        let sign = value < 0 && scaled > 0 ? "-" : ""
        if count == 0 { return "\(sign)\(scaled)" }
        let rest = String(scaled % Int64(factor))
        return "\(sign)\(scaled / Int64(factor)).\(String(repeating: "0", count: count - rest.count))\(rest)"
    }
}
