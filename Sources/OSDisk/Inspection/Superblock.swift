/// What file systems say of themselves at their start.
enum Superblock {
    private static let length = 68 << 10

    /// Reads the start of a partition or a disk; nil where no file system is known there.
    static func read(
        _ source: some ByteSource, at offset: Int64, limit: Int64
    ) async throws -> DiskInspection.FileSystem? {
        of(try await source.bytes(at: offset, count: Int(min(Int64(length), limit))))
    }

    /// Tells a file system by its first bytes.
    static func of(_ bytes: [UInt8]) -> DiskInspection.FileSystem? {
        func has(_ text: String, at offset: Int) -> Bool {
            bytes.count >= offset + text.utf8.count && bytes[offset...].starts(with: text.utf8)
        }
        func size(_ count: UInt64, _ unit: UInt64) -> Int64? {
            let product = count.multipliedReportingOverflow(by: unit)
            return product.overflow ? nil : Int64(exactly: product.partialValue)
        }
        if bytes.count >= 2048, let ext = ExtSuperblock(Array(bytes[1024..<2048])) {
            return .init(
                type: ext.kind, label: ext.label, uuid: ext.uuid.uuid(at: 0), size: size(ext.blocks, ext.blockSize),
                free: size(ext.freeBlocks, ext.blockSize))
        }
        if has("hsqs", at: 0) { return .init(type: "squashfs", size: size(bytes.number(at: 40, 8), 1)) }
        if bytes.number(at: 1024, 4) == 0xE0F5_E1E2 {
            let bits = bytes.number(at: 1036, 1)
            return .init(
                type: "erofs", label: bytes.text(at: 1088, 16), uuid: bytes.uuid(at: 1072),
                size: bits < 17 ? size(bytes.number(at: 1060, 4), 1 << bits) : nil)
        }
        if has("SWAPSPACE2", at: 4086) {
            return .init(
                type: "swap", label: bytes.text(at: 1052, 16), uuid: bytes.uuid(at: 1036),
                size: size(bytes.number(at: 1028, 4) + 1, 4096))
        }
        if has("XFSB", at: 0) { return .init(type: "xfs", label: bytes.text(at: 108, 12), uuid: bytes.uuid(at: 32)) }
        if has("LUKS", at: 0) { return .init(type: "luks") }
        if has("_BHRfS_M", at: 65600) {
            return .init(type: "btrfs", label: bytes.text(at: 65835, 256), uuid: bytes.uuid(at: 65568))
        }
        if has("CD001", at: 32769) { return .init(type: "iso9660", label: bytes.text(at: 32808, 32)) }
        let isLarge = has("FAT32", at: 82)
        if bytes.number(at: 510, 2) == 0xAA55, isLarge || has("FAT1", at: 54) {
            let sectors = bytes.number(at: 19, 2) != 0 ? bytes.number(at: 19, 2) : bytes.number(at: 32, 4)
            let serial = String(bytes.number(at: isLarge ? 67 : 39, 4) | 1 << 32, radix: 16).dropFirst().uppercased()
            let label = bytes.text(at: isLarge ? 71 : 43, 11)
            return .init(
                type: "vfat", label: label == "NO NAME" ? "" : label, uuid: "\(serial.prefix(4))-\(serial.suffix(4))",
                size: size(sectors, bytes.number(at: 11, 2)))
        }
        return nil
    }
}
