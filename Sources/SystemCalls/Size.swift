/// A number of bytes, as a pointer, a record, a manifest or a server tells it.
///
/// Sums and differences stop at the largest and the smallest number, and never trap, whoever made the numbers up.
public struct Size: Hashable, Sendable {
    /// The bytes.
    public let bytes: Int64

    /// Takes a number of bytes.
    public init(_ bytes: Int64) {
        self.bytes = bytes
    }
}

extension Size: ExpressibleByIntegerLiteral, Comparable, AdditiveArithmetic, CustomStringConvertible {
    /// Takes a number that stands in the code.
    public init(integerLiteral value: Int64) {
        bytes = value
    }

    /// The smaller number comes first.
    public static func < (left: Size, right: Size) -> Bool { left.bytes < right.bytes }

    /// This size and another one.
    public static func + (left: Size, right: Size) -> Size {
        let (sum, overflows) = left.bytes.addingReportingOverflow(right.bytes)
        return Size(overflows ? (right.bytes < 0 ? .min : .max) : sum)
    }

    /// This size without another one.
    public static func - (left: Size, right: Size) -> Size {
        let (difference, overflows) = left.bytes.subtractingReportingOverflow(right.bytes)
        return Size(overflows ? (right.bytes < 0 ? .max : .min) : difference)
    }

    /// The decimal digits of the bytes.
    public var description: String { "\(bytes)" }
}

extension Sequence {
    /// The sizes of all elements together.
    public func total(_ size: (Element) -> Size) -> Size {
        reduce(0) { $0 + size($1) }
    }
}
