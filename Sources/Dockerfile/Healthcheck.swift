extension ImageConfiguration.Healthcheck {
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

    /// Reads a duration of Go, such as `1m30s` or `1.5h`.
    private static func nanoseconds(_ text: String) -> Int64? {
        let units: [String: Double] = [
            "ns": 1, "us": 1e3, "\u{B5}s": 1e3, "\u{3BC}s": 1e3, "ms": 1e6, "s": 1e9, "m": 6e10, "h": 3.6e12,
        ]
        var scalars = text.unicodeScalars[...]
        let isNegative = scalars.first == "-"
        if scalars.first == "-" || scalars.first == "+" { scalars.removeFirst() }
        if scalars.elementsEqual("0".unicodeScalars) { return 0 }
        if scalars.isEmpty { return nil }
        var total = 0.0
        while !scalars.isEmpty {
            let number = scalars.prefix { ("0"..."9").contains($0) || $0 == "." }
            scalars = scalars.dropFirst(number.count)
            let unit = scalars.prefix { !("0"..."9").contains($0) && $0 != "." }
            scalars = scalars.dropFirst(unit.count)
            var digits = String(number)
            if digits.hasPrefix(".") { digits = "0" + digits }
            if digits.hasSuffix(".") { digits += "0" }
            guard number.contains(where: { $0 != "." }), let value = Double(digits),
                let factor = units.first(where: { $0.key.unicodeScalars.elementsEqual(unit) })?.value
            else { return nil }
            total += value * factor
        }
        guard total < 9.2e18 else { return nil }
        return Int64(isNegative ? -total : total)
    }
}
