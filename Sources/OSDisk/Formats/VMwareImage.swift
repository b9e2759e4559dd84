import SystemCalls
import SystemPackage

/// VMDK: the descriptor's content identifier.
///
/// The header says where the descriptor is: VMware, "Virtual Disk Format 5.0".
enum VMwareImage {
    /// Gives a file a fixed content identifier, of four bytes.
    static func settle(_ path: FilePath, identifier: [UInt8]) throws {
        let file = try Patch.open(path)
        defer { try? file.close() }
        let header = try Patch.read(512, at: 0, from: file, named: path.string)
        let (start, count) = (header.number(at: 28, 8), header.number(at: 36, 8))
        guard header.starts(with: "KDMV".utf8), (1...64).contains(start), (1...128).contains(count) else {
            throw damaged(path)
        }
        let length = Int(count) * 512
        let bytes = try Patch.read(length, at: Int64(start) * 512, from: file, named: path.string)
        let settled = try settled(bytes, identifier, path)
        try Patch.write(settled, at: Int64(start) * 512, to: file, named: path.string)
    }

    /// The descriptor with another identifier, and zeros behind it; a random one may have had fewer digits.
    private static func settled(_ bytes: [UInt8], _ identifier: [UInt8], _ path: FilePath) throws -> [UInt8] {
        let text = bytes.prefix { $0 != 0 }
        guard let digits = text.firstRange(of: Array("\nCID=".utf8))?.upperBound,
            let lineEnd = text[digits...].firstIndex(of: UInt8(ascii: "\n"))
        else { throw damaged(path) }
        let changed = text[..<digits] + Array(identifier.hexadecimal().utf8) + text[lineEnd...]
        guard changed.count < bytes.count else { throw damaged(path) }
        return Array(changed) + [UInt8](repeating: 0, count: bytes.count - changed.count)
    }

    private static func damaged(_ path: FilePath) -> SystemError {
        SystemError("read", path.string, .invalidArgument, reason: "it has no VMDK descriptor")
    }
}
