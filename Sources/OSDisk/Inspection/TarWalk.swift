import SystemCalls
import SystemPackage

/// The members of a tar, one after the other; contents are passed over unless asked for.
struct TarWalk {
    /// A member: its name without `./`, and where its content is.
    struct Member: Hashable {
        let name: String
        let type: UInt8
        let content: Range<Int64>
    }

    /// More members are not looked at.
    private static let limit: Int64 = 5_000_000
    private static let recordsLimit: Int64 = 1 << 20

    private let file: FileDescriptor
    private let name: String
    private var position: Int64
    private let end: Int64
    private(set) var count: Int64 = 0

    /// Walks through a part of a file.
    init(_ file: FileDescriptor, name: String, range: Range<Int64>) {
        (self.file, self.name) = (file, name)
        (position, end) = (range.lowerBound, range.upperBound)
    }

    /// The members of a part of the same file.
    func inside(_ range: Range<Int64>) -> TarWalk { TarWalk(file, name: name, range: range) }

    /// The content of a member; nil where it is above the limit.
    func content(of member: Member, limit: Int64 = 1 << 20) throws -> [UInt8]? {
        let length = member.content.upperBound - member.content.lowerBound
        if length > limit { return nil }
        return try Patch.read(Int(length), at: member.content.lowerBound, from: file, named: name)
    }

    /// The next member; nil at the end.
    mutating func next() throws -> Member? {
        var path: String?
        var size: Int64?
        while position + 512 <= end {
            try Task.checkCancellation()
            let header = try Patch.read(512, at: position, from: file, named: name)
            if header.allSatisfy({ $0 == 0 }) { return nil }
            guard header[257...].starts(with: "ustar".utf8), let written = Self.size(header) else { throw damaged() }
            let type = header[156]
            let length = type == UInt8(ascii: "x") || type == UInt8(ascii: "g") ? written : size ?? written
            let start = position + 512
            guard length >= 0, length <= end - start else { throw damaged() }
            position = start + (length + 511) / 512 * 512
            let content = start..<start + length
            switch type {
            case UInt8(ascii: "x"):
                guard length <= Self.recordsLimit else { throw damaged() }
                let bytes = try Patch.read(Int(length), at: start, from: file, named: name)
                let records = Self.records(bytes)
                path = records["path"]
                size = records["size"].flatMap { Int64($0) }
            case UInt8(ascii: "L"):
                guard length <= Self.recordsLimit else { throw damaged() }
                path = try Patch.read(Int(length), at: start, from: file, named: name).text(at: 0, Int(length))
            case UInt8(ascii: "g"), UInt8(ascii: "K"): break
            default:
                count += 1
                if count > Self.limit { throw damaged("it has more than \(Self.limit) members") }
                let prefix = header.text(at: 345, 155)
                let short = header.text(at: 0, 100)
                let full = path ?? (prefix.isEmpty ? short : "\(prefix)/\(short)")
                return Member(
                    name: full.hasPrefix("./") ? String(full.dropFirst(2)) : full, type: type, content: content)
            }
        }
        return nil
    }

    private func damaged(_ reason: String = "it is a damaged tar") -> DiskError {
        DiskError(.content, "cannot inspect \(Printable.escaped(name)): \(reason)")
    }

    private static func size(_ header: [UInt8]) -> Int64? {
        let field = header[124..<136]
        if field[124] & 0x80 != 0 {
            return field[128...].reduce(0 as Int64?) { sum, byte in
                sum.flatMap { $0 >> 55 == 0 ? $0 << 8 | Int64(byte) : nil }
            }
        }
        let digits = field.drop { $0 == 0x20 }.prefix { $0 &- 0x30 < 8 }
        return digits.isEmpty ? 0 : Int64(String(decoding: digits, as: UTF8.self), radix: 8)
    }

    /// The fields of a pax header.
    private static func records(_ bytes: [UInt8]) -> [String: String] {
        var found: [String: String] = [:]
        var rest = bytes[...]
        while let blank = rest.firstIndex(of: 0x20),
            let length = Int(String(decoding: rest[..<blank], as: UTF8.self)), length > blank - rest.startIndex + 1,
            length <= rest.count
        {
            let line = rest[(blank + 1)..<(rest.startIndex + length)].dropLast()
            if let sign = line.firstIndex(of: UInt8(ascii: "=")) {
                found[String(decoding: line[..<sign], as: UTF8.self)] = String(
                    decoding: line[(sign + 1)...], as: UTF8.self)
            }
            rest = rest.dropFirst(length)
        }
        return found
    }
}
