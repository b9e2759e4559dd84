import Glibc
import JSON
import SystemCalls
import SystemPackage

/// Reads a document's members one after the other, whatever its white space, without holding it in memory.
struct DocumentScanner: ~Copyable {
    /// Why scanning ended.
    enum Failure: Error {
        case damaged
        case system(SystemError)
    }

    private let descriptor: FileDescriptor?
    private let name: String
    private var buffer = [UInt8](repeating: 0, count: 64 << 10)
    private var position = 0
    private var count = 0

    /// The longest member that is held in memory.
    private static let memberLimit = 64 << 20
    private static let depthLimit = 64

    init(_ descriptor: FileDescriptor, named name: String) {
        self.descriptor = descriptor
        self.name = name
    }

    /// Reads bytes at hand.
    init(_ bytes: [UInt8], named name: String) {
        descriptor = nil
        self.name = name
        buffer = bytes
        count = bytes.count
    }

    /// The next byte, not taken; nil at the end.
    mutating func peek() throws(Failure) -> UInt8? {
        if position == count {
            guard let descriptor else { return nil }
            do throws(SystemError) { count = try Files.read(descriptor, into: &buffer, named: name) } catch {
                throw .system(error)
            }
            position = 0
            if count == 0 { return nil }
        }
        return buffer[position]
    }

    private mutating func take() throws(Failure) -> UInt8 {
        guard let byte = try peek() else { throw .damaged }
        position += 1
        return byte
    }

    /// The next byte that is no white space, not taken.
    mutating func token() throws(Failure) -> UInt8 {
        while let byte = try peek() {
            if byte != 0x20, byte != 0x0A, byte != 0x0D, byte != 0x09 { return byte }
            position += 1
        }
        throw .damaged
    }

    /// Takes this byte, after white space.
    mutating func expect(_ character: Unicode.Scalar) throws(Failure) {
        guard try token() == UInt8(ascii: character) else { throw .damaged }
        position += 1
    }

    /// Takes a `,` or the closing byte; whether it was a `,`.
    mutating func more(until end: Unicode.Scalar) throws(Failure) -> Bool {
        let byte = try token()
        guard byte == UInt8(ascii: ",") || byte == UInt8(ascii: end) else { throw .damaged }
        position += 1
        return byte == UInt8(ascii: ",")
    }

    /// Takes a string's bytes, escapes resolved.
    mutating func string() throws(Failure) -> [UInt8] {
        try expect("\"")
        var text: [UInt8] = []
        while true {
            let byte = try take()
            switch byte {
            case UInt8(ascii: "\""): return text
            case UInt8(ascii: "\\"): try escape(&text)
            default:
                text.append(byte)
                if text.count > Self.memberLimit { throw .damaged }
            }
        }
    }

    private mutating func escape(_ text: inout [UInt8]) throws(Failure) {
        switch try take() {
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "u"):
            var value = try hexadecimal()
            if (0xD800..<0xDC00).contains(value), try take() == UInt8(ascii: "\\"), try take() == UInt8(ascii: "u") {
                value = 0x10000 + (value - 0xD800) << 10 + (try hexadecimal() &- 0xDC00) & 0x3FF
            }
            guard let scalar = Unicode.Scalar(value) else { throw .damaged }
            text += Array(String(Character(scalar)).utf8)
        case let byte: text.append(byte)
        }
    }

    private mutating func hexadecimal() throws(Failure) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = Character(Unicode.Scalar(try take())).hexDigitValue else { throw .damaged }
            value = value << 4 | UInt32(digit)
        }
        return value
    }

    /// Takes a whole value; the members of objects keep their order.
    mutating func value(depth: Int = 0) throws(Failure) -> JSONValue {
        if depth > Self.depthLimit { throw .damaged }
        switch try token() {
        case UInt8(ascii: "\""): return .string(String(decoding: try string(), as: UTF8.self))
        case UInt8(ascii: "{"):
            try expect("{")
            var members: [JSONValue.Member] = []
            if try token() == UInt8(ascii: "}") {
                position += 1
            } else {
                repeat {
                    let name = String(decoding: try string(), as: UTF8.self)
                    try expect(":")
                    members.append(.init(name, try value(depth: depth + 1)))
                } while try more(until: "}")
            }
            return .object(members)
        case UInt8(ascii: "["):
            try expect("[")
            var values: [JSONValue] = []
            if try token() == UInt8(ascii: "]") {
                position += 1
            } else {
                repeat { values.append(try value(depth: depth + 1)) } while try more(until: "]")
            }
            return .array(values)
        default: return try word()
        }
    }

    /// Takes a number, `true`, `false` or `null`.
    private mutating func word() throws(Failure) -> JSONValue {
        var text = ""
        while let byte = try peek(), "+-.".utf8.contains(byte) || (48...57).contains(byte) || (65...122).contains(byte),
            byte != UInt8(ascii: "]"), byte != UInt8(ascii: "["), text.utf8.count < 40
        {
            text.unicodeScalars.append(Unicode.Scalar(byte))
            position += 1
        }
        switch text {
        case "true": return true
        case "false": return false
        case "null": return nil
        default:
            if let number = Int64(text) { return .integer(number) }
            guard let number = Double(text) else { throw .damaged }
            return .number(number)
        }
    }
}

extension JSONValue {
    /// The value with the members of all objects sorted, so that two values are equal whatever their order was.
    var normalized: JSONValue {
        switch self {
        case .array(let values): .array(values.map(\.normalized))
        case .object(let members):
            .object(
                members.map { Member($0.name, $0.value.normalized) }.sorted {
                    $0.name.utf8.lexicographicallyPrecedes($1.name.utf8)
                })
        default: self
        }
    }
}
