/// What the superblock of ext2, ext3 and ext4 says, as far as it is needed here.
///
/// https://docs.kernel.org/filesystems/ext4/super.html
struct ExtSuperblock: Hashable, Sendable {
    let inodes: UInt32
    let freeInodes: UInt32
    /// Blocks of the file system, and those that are free.
    let blocks: UInt64
    let freeBlocks: UInt64
    let blockSize: UInt64
    let uuid: [UInt8]
    let label: String
    /// `ext2`, `ext3` or `ext4`.
    let kind: String

    /// Reads the 1,024 bytes that stand 1,024 bytes behind the start; nil where they are something else.
    init?(_ bytes: [UInt8]) {
        guard bytes.count >= 1024, bytes[0x38] == 0x53, bytes[0x39] == 0xEF else { return nil }
        func number(_ offset: Int) -> UInt32 {
            (0..<4).reduce(0) { $0 | UInt32(bytes[offset + $1]) << (8 * UInt32($1)) }
        }
        guard number(0x18) <= 6 else { return nil }
        inodes = number(0)
        freeInodes = number(0x10)
        guard freeInodes <= inodes else { return nil }
        let has64Bits = number(0x60) & 0x80 != 0
        blocks = UInt64(number(4)) | (has64Bits ? UInt64(number(0x150)) << 32 : 0)
        freeBlocks = UInt64(number(0x0C)) | (has64Bits ? UInt64(number(0x158)) << 32 : 0)
        blockSize = 1024 << number(0x18)
        uuid = Array(bytes[0x68..<0x78])
        label = String(decoding: bytes[0x78..<0x88].prefix { $0 != 0 }, as: UTF8.self)
        let hasExtents = number(0x60) & 0x40 != 0
        kind = hasExtents ? "ext4" : number(0x5C) & 4 != 0 ? "ext3" : "ext2"
    }
}
