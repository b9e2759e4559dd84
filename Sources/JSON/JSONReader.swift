/// Reads JSON (RFC 8259, UTF-8 without a byte order mark) piece by piece, without holding the text in memory.
///
/// It is strict, since texts come from strangers: every number has the grammar's form, every string is UTF-8 and holds no
/// half of a surrogate pair, nothing follows the value. Objects keep the order and number of their members as written.
///
/// A long document is read by its members with `expect`, `string`, `value` and `more`; a short one by `JSONValue(parsing:)`.
/// What is of no interest is passed over by `skip`. The limits count for all that one reader hands out as values.
public struct JSONReader: ~Copyable {
    /// How much of a text is taken; a text with more is refused.
    public struct Limits: Sendable {
        /// How deep arrays and objects may be nested.
        public var depth = 128
        /// How many values, and names of members, are held in memory at most.
        public var values = 250_000
        /// The bytes of the text of the values that are held in memory.
        public var bytes = 16 << 20

        /// The limits for a document of which nothing is known.
        public init() {}

        /// The limits for the answer of a program of this machine, which may speak of thousands of images.
        public static var localProgram: Limits {
            var limits = Limits()
            limits.values = 2_000_000
            limits.bytes = 64 << 20
            return limits
        }
    }

    /// Puts the next bytes of the text at the start of the buffer and says how many they are; 0 at the end.
    public typealias Source = (_ buffer: inout [UInt8]) throws -> Int

    let limits: Limits
    private var source: Source?
    private(set) var buffer: [UInt8]
    private(set) var count = 0
    var position = 0
    /// The bytes of the text before the buffer's.
    private var passed = 0
    /// How many values, and how many bytes of them, may still be held in memory.
    var valuesLeft: Int
    var bytesLeft: Int

    /// Reads the text that a source gives.
    public init(limits: Limits = Limits(), from source: @escaping Source) {
        self.limits = limits
        self.source = source
        (valuesLeft, bytesLeft) = (limits.values, limits.bytes)
        buffer = [UInt8](repeating: 0, count: 64 << 10)
    }

    /// Reads bytes at hand.
    public init(_ bytes: [UInt8], limits: Limits = Limits()) {
        self.limits = limits
        (valuesLeft, bytesLeft) = (limits.values, limits.bytes)
        buffer = bytes
        count = bytes.count
    }

    /// The bytes of the text that were taken.
    var offset: Int { passed + position }

    /// The error for a text that has not the form that its reader wants.
    public func failure(_ reason: String) -> JSONError {
        JSONError("not JSON of the form expected: \(reason) at byte \(offset)")
    }

    func malformed(_ reason: String) -> JSONError {
        JSONError("not JSON: \(reason) at byte \(offset)")
    }

    /// The next byte, not taken; nil at the end.
    mutating func peek() throws(JSONError) -> UInt8? {
        if position == count {
            guard let source else { return nil }
            passed += count
            (position, count) = (0, 0)
            do { count = try source(&buffer) } catch { throw JSONError("\(error)", source: error) }
            if count == 0 {
                self.source = nil
                return nil
            }
        }
        return buffer[position]
    }

    mutating func take() throws(JSONError) -> UInt8 {
        guard let byte = try peek() else { throw malformed("it ends too early") }
        position += 1
        return byte
    }

    private mutating func skipSpace() throws(JSONError) {
        while let byte = try peek(), byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    /// The next byte that is no white space, not taken.
    public mutating func token() throws(JSONError) -> UInt8 {
        try skipSpace()
        guard let byte = try peek() else { throw malformed("it ends too early") }
        return byte
    }

    /// Takes this byte, after white space.
    public mutating func expect(_ character: Unicode.Scalar) throws(JSONError) {
        guard try token() == UInt8(ascii: character) else { throw malformed("'\(character)' is missing") }
        position += 1
    }

    /// Takes this byte where it is the next that is no white space; whether it was.
    public mutating func takes(_ character: Unicode.Scalar) throws(JSONError) -> Bool {
        guard try token() == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    /// Takes a `,` or the closing byte; whether it was a `,`.
    public mutating func more(until end: Unicode.Scalar) throws(JSONError) -> Bool {
        let byte = try token()
        guard byte == UInt8(ascii: ",") || byte == UInt8(ascii: end) else {
            throw malformed("',' or '\(end)' is missing")
        }
        position += 1
        return byte == UInt8(ascii: ",")
    }

    /// Makes sure that nothing but white space follows.
    public mutating func end() throws(JSONError) {
        try skipSpace()
        if try peek() != nil { throw malformed("something follows the value") }
    }
}
