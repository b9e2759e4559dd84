import SystemCalls

/// A colour or weight; each must be readable without it.
public enum Style: String, Sendable {
    case plain = ""
    case bold = "1"
    case dim = "2"
    case red = "31"
    case green = "32"
    case yellow = "33"
    case cyan = "36"
}

/// Text of which parts have a style: `"\(state, .green) \(name)"`.
public struct StyledText: ExpressibleByStringInterpolation, Sendable {
    struct Span: Sendable {
        var text: String
        var style: Style
    }

    var spans: [Span]

    /// Text in one style.
    public init(_ text: String, _ style: Style = .plain) {
        spans = [Span(text: text, style: style)]
    }

    /// Plain text.
    public init(stringLiteral value: String) {
        self.init(value)
    }

    /// Text of literal and inserted parts.
    public init(stringInterpolation: StringInterpolation) {
        spans = stringInterpolation.spans
    }

    /// Collects the parts of an interpolated text.
    public struct StringInterpolation: StringInterpolationProtocol, Sendable {
        var spans: [Span] = []

        /// Makes an empty collection.
        public init(literalCapacity: Int, interpolationCount: Int) {}

        /// Adds what stands between the insertions.
        public mutating func appendLiteral(_ literal: String) {
            spans.append(Span(text: literal, style: .plain))
        }

        /// Adds a value, in a style.
        public mutating func appendInterpolation(_ value: some CustomStringConvertible, _ style: Style = .plain) {
            spans.append(Span(text: value.description, style: style))
        }

        /// Adds styled text.
        public mutating func appendInterpolation(_ text: StyledText) {
            spans += text.spans
        }
    }

    /// The text as it is written: control characters escaped, escape codes only where `colored`.
    public func rendered(colored: Bool) -> String {
        var result = ""
        for span in spans {
            let text = Printable.escaped(span.text)
            let hasCode = colored && span.style != .plain && !text.isEmpty
            result += hasCode ? "\u{1B}[\(span.style.rawValue)m\(text)\u{1B}[0m" : text
        }
        return result
    }

    /// How many cells of a terminal it takes.
    public var width: Int { Printable.width(rendered(colored: false)) }
}
