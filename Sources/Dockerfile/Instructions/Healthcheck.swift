extension PlannedConfig.Healthcheck {
    /// Checks HEALTHCHECK.
    init(_ instruction: Instruction) throws(DockerfileError) {
        guard let first = instruction.arguments.first else {
            throw DockerfileError("HEALTHCHECK requires at least one argument")
        }
        let rest = Array(instruction.arguments.dropFirst())
        switch first.uppercased() {
        case "NONE":
            if !rest.isEmpty { throw DockerfileError("HEALTHCHECK NONE takes no arguments") }
            test = ["NONE"]
        case "CMD":
            let flags = try FlagSet(
                instruction.flags,
                [
                    "interval": .value, "timeout": .value, "start-period": .value, "start-interval": .value,
                    "retries": .value,
                ])
            if rest.isEmpty { throw DockerfileError("Missing command after HEALTHCHECK CMD") }
            test = [instruction.isJSON ? "CMD" : "CMD-SHELL"] + rest
            interval = try Self.duration("interval", flags)
            timeout = try Self.duration("timeout", flags)
            startPeriod = try Self.duration("start-period", flags)
            startInterval = try Self.duration("start-interval", flags)
            if !flags["retries"].isEmpty {
                guard let number = Int32(flags["retries"]) else {
                    throw DockerfileError("--retries is not a number: \(flags["retries"])")
                }
                if number < 0 { throw DockerfileError("--retries cannot be negative (\(number))") }
                retries = number == 0 ? nil : Int64(number)
            }
        default:
            throw DockerfileError("Unknown type \(Quoted.string(first.uppercased())) in HEALTHCHECK (try CMD)")
        }
    }

    /// A flag's duration in nanoseconds; nil where it is not given, or nought.
    private static func duration(_ name: String, _ flags: FlagSet) throws(DockerfileError) -> Int64? {
        let text = flags[name]
        if text.isEmpty { return nil }
        guard let nanoseconds = nanoseconds(text) else {
            throw DockerfileError("--\(name) is not a duration: \(Quoted.string(text))")
        }
        if nanoseconds != 0, nanoseconds < 1_000_000 {
            throw DockerfileError("Interval \(Quoted.string(name)) cannot be less than 1ms")
        }
        return nanoseconds == 0 ? nil : nanoseconds
    }

    private static let units: [(name: String, nanoseconds: Int64)] = [
        ("ns", 1), ("us", 1000), ("\u{B5}s", 1000), ("\u{3BC}s", 1000), ("ms", 1_000_000), ("s", 1_000_000_000),
        ("m", 60_000_000_000), ("h", 3_600_000_000_000),
    ]

    /// Reads a duration of Go, such as `1m30s` or `1.5h`, and rounds it as Go does.
    private static func nanoseconds(_ text: String) -> Int64? {
        var scalars = text.unicodeScalars[...]
        let isNegative = scalars.first == "-"
        if scalars.first == "-" || scalars.first == "+" { scalars.removeFirst() }
        if scalars.elementsEqual("0".unicodeScalars) { return 0 }
        if scalars.isEmpty { return nil }
        var total: Int64 = 0
        while !scalars.isEmpty {
            let whole = digits(&scalars)
            var fraction = ""
            if scalars.first == "." {
                scalars.removeFirst()
                fraction = digits(&scalars)
            }
            let unit = scalars.prefix { !("0"..."9").contains($0) && $0 != "." }
            scalars = scalars.dropFirst(unit.count)
            guard !whole.isEmpty || !fraction.isEmpty, let number = whole.isEmpty ? 0 : Int64(whole),
                let factor = units.first(where: { $0.name.unicodeScalars.elementsEqual(unit) })?.nanoseconds
            else { return nil }
            let (product, isTooLong) = number.multipliedReportingOverflow(by: factor)
            // Digits behind the eighteenth are below a nanosecond whatever the unit.
            let part = fraction.prefix(18)
            let scale = part.reduce(1.0) { scale, _ in scale * 10 }
            let rest = Double(part.isEmpty ? "0" : part).map { Int64($0 * (Double(factor) / scale)) } ?? 0
            let (sum, isTooMuch) = product.addingReportingOverflow(rest)
            let (next, isOver) = total.addingReportingOverflow(sum)
            if isTooLong || isTooMuch || isOver { return nil }
            total = next
        }
        return isNegative ? -total : total
    }

    private static func digits(_ scalars: inout Substring.UnicodeScalarView) -> String {
        let digits = scalars.prefix { ("0"..."9").contains($0) }
        scalars = scalars.dropFirst(digits.count)
        return String(digits)
    }
}
