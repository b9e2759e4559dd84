extension JSONReader {
    /// Passes over a whole value, however wide it is, and holds nothing of it in memory; it must be well formed, too.
    public mutating func skip() throws(JSONError) {
        // The closing bytes of what is open.
        var open: [Unicode.Scalar] = []
        while true {
            if open.count > limits.depth { throw malformed("nested more than \(limits.depth) deep") }
            switch try token() {
            case UInt8(ascii: "\""): _ = try string()
            case UInt8(ascii: "{"):
                position += 1
                if try !takes("}") {
                    open.append("}")
                    try skipName()
                    continue
                }
            case UInt8(ascii: "["):
                position += 1
                if try !takes("]") {
                    open.append("]")
                    continue
                }
            default: _ = try scalar()
            }
            // A value has ended; so may those around it.
            while let end = open.last {
                if try more(until: end) {
                    if end == "}" { try skipName() }
                    break
                }
                open.removeLast()
            }
            if open.isEmpty { return }
        }
    }

    private mutating func skipName() throws(JSONError) {
        _ = try string()
        try expect(":")
    }
}
