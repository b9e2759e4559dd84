import SystemCalls
import SystemPackage

/// VHDX: the two headers, the log and the disk's identifier.
///
/// https://learn.microsoft.com/openspecs/windows_protocols/ms-vhdx
enum HyperVImage {
    private static let headers: [Int64] = [64 << 10, 128 << 10]
    private static let regionTable: Int64 = 192 << 10
    /// In the order of bytes of a file: 8B7CA206-4790-4B9A-B8FE-575F050F886E, BECA12AB-B2E6-4523-93EF-C309E000C746.
    private static let metadataRegion: [UInt8] = [
        0x06, 0xA2, 0x7C, 0x8B, 0x90, 0x47, 0x9A, 0x4B, 0xB8, 0xFE, 0x57, 0x5F, 0x05, 0x0F, 0x88, 0x6E,
    ]
    private static let diskIdentifier: [UInt8] = [
        0xAB, 0x12, 0xCA, 0xBE, 0xE6, 0xB2, 0x23, 0x45, 0x93, 0xEF, 0xC3, 0x09, 0xE0, 0x00, 0xC7, 0x46,
    ]

    /// Gives a file fixed identifiers, and empties its log, of which nothing is valid any more.
    static func settle(_ path: FilePath, identifiers: DiskIdentifiers) throws {
        let file = try Patch.open(path)
        defer { try? file.close() }
        let name = path.string
        var found: [(offset: Int64, bytes: [UInt8])] = []
        for offset in headers { found.append((offset, try Patch.read(4096, at: offset, from: file, named: name))) }
        guard found.allSatisfy({ $0.bytes.starts(with: "head".utf8) }) else { throw damaged(path) }
        // The one with the higher number is valid.
        found.sort { number($0.bytes, 8, 8) < number($1.bytes, 8, 8) }
        for (index, var header) in found.enumerated() {
            put(Int64(index + 1), 8, 8, in: &header.bytes)
            header.bytes.replaceSubrange(16..<32, with: identifiers.rawUUID("vhdx file"))
            header.bytes.replaceSubrange(32..<48, with: identifiers.rawUUID("vhdx data"))
            guard header.bytes[48..<64].allSatisfy({ $0 == 0 }) else { throw damaged(path) }
            put(0, 4, 4, in: &header.bytes)
            put(Int64(Checksum.crc32c(header.bytes)), 4, 4, in: &header.bytes)
            try Patch.write(header.bytes, at: header.offset, to: file, named: name)
        }
        let valid = found[1].bytes
        try empty(at: number(valid, 72, 8), length: number(valid, 68, 4), file, path)
        try setDiskIdentifier(identifiers.rawUUID("vhdx disk"), file, path)
    }

    private static func empty(at offset: Int64, length: Int64, _ file: FileDescriptor, _ path: FilePath) throws {
        guard offset >= 1 << 20, length >= 0, length <= 64 << 20 else { throw damaged(path) }
        let piece: Int64 = 1 << 20
        for place in stride(from: offset, to: offset + length, by: Int(piece)) {
            let count = Int(min(piece, offset + length - place))
            // What is zero stays a hole.
            let bytes = try Patch.read(count, at: place, from: file, named: path.string)
            for block in stride(from: 0, to: count, by: 4096) {
                let range = block..<min(block + 4096, count)
                if bytes[range].allSatisfy({ $0 == 0 }) { continue }
                let zeros = [UInt8](repeating: 0, count: range.count)
                try Patch.write(zeros, at: place + Int64(block), to: file, named: path.string)
            }
        }
    }

    private static func setDiskIdentifier(_ uuid: [UInt8], _ file: FileDescriptor, _ path: FilePath) throws {
        let regions = try Patch.read(64 << 10, at: regionTable, from: file, named: path.string)
        guard let region = regions.firstRange(of: metadataRegion) else { throw damaged(path) }
        let start = number(regions, region.lowerBound + 16, 8)
        let table = try Patch.read(64 << 10, at: start, from: file, named: path.string)
        guard let item = table.firstRange(of: diskIdentifier) else { throw damaged(path) }
        let offset = number(table, item.lowerBound + 16, 4)
        try Patch.write(uuid, at: start + offset, to: file, named: path.string)
    }

    private static func damaged(_ path: FilePath) -> SystemError {
        SystemError("read", path.string, .invalidArgument, reason: "it is no VHDX as qemu-img writes it")
    }

    private static func number(_ bytes: [UInt8], _ offset: Int, _ length: Int) -> Int64 {
        guard offset + length <= bytes.count else { return -1 }
        return (0..<length).reduce(0) { $0 | Int64(bytes[offset + $1]) << (8 * Int64($1)) }
    }

    private static func put(_ value: Int64, _ offset: Int, _ length: Int, in bytes: inout [UInt8]) {
        for index in 0..<length { bytes[offset + index] = UInt8(truncatingIfNeeded: value >> (8 * Int64(index))) }
    }
}
