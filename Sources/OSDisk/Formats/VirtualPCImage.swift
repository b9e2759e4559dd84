import OSTemplate
import SystemCalls
import SystemPackage

/// VHD: the footer at the file's end, and its copy at the start of a dynamic disk.
///
/// Microsoft, "Virtual Hard Disk Image Format Specification", 2006.
enum VirtualPCImage {
    private static let footer = 512
    /// The format counts seconds from 2000-01-01.
    private static let epoch: Int64 = 946_684_800

    /// Gives a file a fixed time and identifier.
    static func settle(_ path: FilePath, uuid: [UInt8]) throws {
        let file = try Patch.open(path)
        defer { try? file.close() }
        let size = try FileStatus.of(file).size
        for offset in [0, size - Int64(footer)] {
            var bytes = try Patch.read(footer, at: offset, from: file, named: path.string)
            guard bytes.starts(with: "conectix".utf8) else { continue }
            settle(&bytes, uuid: uuid)
            try Patch.write(bytes, at: offset, to: file, named: path.string)
        }
    }

    private static func settle(_ bytes: inout [UInt8], uuid: [UInt8]) {
        func put(_ value: UInt32, _ offset: Int) {
            for index in 0..<4 { bytes[offset + index] = UInt8(truncatingIfNeeded: value >> (24 - 8 * UInt32(index))) }
        }
        put(UInt32(clamping: RecipeVersion.sourceDate - epoch), 24)
        bytes.replaceSubrange(68..<84, with: uuid)
        put(0, 64)
        put(~bytes.reduce(0 as UInt32) { $0 &+ UInt32($1) }, 64)
    }
}
