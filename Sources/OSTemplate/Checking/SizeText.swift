/// Sizes as templates write them: `4GiB`, `512MiB`, `3500M`, `513MB`, `0`.
enum SizeText {
    private static let units: [String: Int64] = [
        "B": 1,
        "K": 1 << 10, "KIB": 1 << 10, "KB": 1000,
        "M": 1 << 20, "MIB": 1 << 20, "MB": 1_000_000,
        "G": 1 << 30, "GIB": 1 << 30, "GB": 1_000_000_000,
        "T": 1 << 40, "TIB": 1 << 40, "TB": 1_000_000_000_000,
    ]
    /// No disk is larger: 8 EiB do not fit a number of bytes.
    private static let maximum: Int64 = 1 << 60

    /// The bytes; nil for any other form.
    ///
    /// `K`, `M`, `G` and `T` are powers of 1024, as `KiB` and so on; `KB` and so on are powers of 1000.
    /// Only `0` goes without a unit.
    static func bytes(_ text: String) -> Int64? {
        let digits = text.utf8.prefix { (0x30...0x39).contains($0) }
        guard let number = Int64(String(Substring(digits))) else { return nil }
        if number == 0, digits.count == text.utf8.count { return 0 }
        let unit = text.dropFirst(digits.count).drop { $0 == " " }.uppercased()
        guard let factor = units[unit] else { return nil }
        let (product, overflows) = number.multipliedReportingOverflow(by: factor)
        return overflows || product > maximum ? nil : product
    }
}
