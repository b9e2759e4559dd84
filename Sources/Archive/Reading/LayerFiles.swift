import Hashing

extension CanonicalFile {
    /// How many files, links and devices each layer of the manifest brings, folders not counted; nil for a layer whose tar
    /// is of an unusual form.
    ///
    /// Only headers are read.
    public func fileCounts() -> [Int?] {
        let index = ArchiveIndex(descriptor: descriptor, name: path.string)
        return image.layers.map { layer in
            guard case .stored(let offset, let size, _) = layer.part else { return nil }
            var walk = LayerWalk(index: index, position: offset, end: offset + size)
            return (try? walk.countFiles()) ?? nil
        }
    }

    /// What made each layer of the manifest, as the image's history says; empty where it says nothing.
    public var layerOrigins: [String] {
        let steps = (config.json["history"]?.array ?? []).filter { $0["empty_layer"] != .bool(true) }
        return image.layers.indices.map { index in
            index < steps.count ? steps[index]["created_by"]?.string ?? "" : ""
        }
    }
}

/// Goes through the headers of a layer's tar.
///
/// https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html#tag_20_94_13_06
private struct LayerWalk {
    let index: ArchiveIndex
    var position: Int64
    let end: Int64

    private static let block: Int64 = 512
    /// Bytes of extended headers that are looked at.
    private static let headLimit: Int64 = 1 << 20

    /// The number of entries that are no folders; nil where a header is not understood.
    mutating func countFiles() throws -> Int? {
        var count = 0
        var largeSize: Int64?
        while position + Self.block <= end {
            let header = try read(Self.block, at: position)
            position += Self.block
            if header.allSatisfy({ $0 == 0 }) { return count }
            guard var size = Self.number(header[124..<136]) else { return nil }
            let type = header[156]
            if type == UInt8(ascii: "x") {
                guard size <= Self.headLimit, position + size <= end else { return nil }
                largeSize = Self.paxSize(try read(size, at: position)) ?? largeSize
            } else if !"gLK".utf8.contains(type) {
                if type == UInt8(ascii: "S") { return nil }
                size = largeSize ?? size
                largeSize = nil
                if type != UInt8(ascii: "5") { count += 1 }
            }
            guard size <= end - position else { return nil }
            position += (size + Self.block - 1) / Self.block * Self.block
        }
        return count
    }

    private func read(_ count: Int64, at offset: Int64) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: Int(count))
        try bytes.withUnsafeMutableBytes { try index.read(into: $0, at: offset) }
        return bytes
    }

    /// An octal number, or GNU's binary form of a large one; nil for anything else.
    private static func number(_ field: ArraySlice<UInt8>) -> Int64? {
        if let first = field.first, first & 0x80 != 0 {
            guard first == 0x80, field.dropFirst().dropLast(8).allSatisfy({ $0 == 0 }) else { return nil }
            let value = field.suffix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            return Int64(exactly: value)
        }
        let text = String(decoding: field, as: UTF8.self).trimmingPrefix { $0 == " " }.prefix { $0.isNumber }
        return text.isEmpty ? 0 : Int64(text, radix: 8)
    }

    /// The `size` of an extended header; nil where it does not say one.
    private static func paxSize(_ bytes: [UInt8]) -> Int64? {
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            let words = line.split(separator: UInt8(ascii: " "), maxSplits: 1)
            guard words.count == 2, words[1].starts(with: "size=".utf8) else { continue }
            return Int64(String(decoding: words[1].dropFirst(5), as: UTF8.self)).flatMap { $0 < 0 ? nil : $0 }
        }
        return nil
    }
}
