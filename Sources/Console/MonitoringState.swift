import SystemCalls

/// How a size stands to its limits, in the words of monitoring plugins; the raw value is the exit status.
public enum MonitoringState: Int32, Sendable {
    case ok = 0
    case warning = 1
    case critical = 2
    case unknown = 3

    /// Judges a size by limits in bytes; nil is no limit.
    public init(_ size: Size, warning: Double?, critical: Double?) {
        func reaches(_ limit: Double?) -> Bool { limit.map { Double(size.bytes) >= $0 } ?? false }
        self = reaches(critical) ? .critical : reaches(warning) ? .warning : .ok
    }

    /// The word that such a line begins with.
    public var word: String { "\(self)".uppercased() }

    /// What monitoring reads after the bar: `size=BYTES B;WARN;CRIT;0;MAX`.
    public static func performance(_ size: Size, warning: Double?, critical: Double?, maximum: Int64?) -> String {
        let bounds = [warning, critical].map { $0.map { "\(Int64(min($0, 9e18)))" } ?? "" }
        return "|size=\(size)B;\(bounds[0]);\(bounds[1]);0;\(maximum.map { "\($0)" } ?? "")"
    }
}
