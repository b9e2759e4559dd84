import SystemCalls

/// Numbers of bytes as git-lfs writes them.
enum ByteCount {
    /// `6 B`, `1.5 KB`: powers of 1000, two digits.
    static func text(_ size: Size) -> String { text(size.bytes) }

    /// The same for a plain number.
    static func text(_ bytes: some BinaryInteger) -> String {
        if bytes < 10 { return "\(bytes) B" }
        var value = Double(bytes)
        var unit = 0
        let units = ["B", "KB", "MB", "GB", "TB", "PB", "EB"]
        while value >= 1000 && unit < units.count - 1 {
            value /= 1000
            unit += 1
        }
        let rounded = (value * 10 + 0.5).rounded(.down) / 10
        // From 10 on without decimals, which are rounded once more, halves to the even number.
        return rounded < 10 && unit > 0
            ? "\(rounded) \(units[unit])" : "\(Int(rounded.rounded(.toNearestOrEven))) \(units[unit])"
    }
}
